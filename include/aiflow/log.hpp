#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace aiflow {

enum class log_level : unsigned char { debug, info, warning, error };

std::string_view to_string(log_level l) noexcept;

/// A named value beside the text: `session`, `attempt`, `reason`.
struct log_field {
    std::string_view name;
    std::string value;
};

/// One line of the log. Valid during the call of the sink.
struct log_record {
    log_level level;
    std::string_view id;  ///< stable, dotted, for operators to look up: "connection.lost"
    std::string_view text;
    std::span<const log_field> fields;
};

/// Where log lines go: a threshold and a sink.
///
/// Whoever logs gives no token, no message text and no whole number (see `masked`); what came from
/// outside goes through `printable` first. A logger without a sink is silent and costs a
/// comparison.
///
/// Thread safety: `write` may be called from any thread if the sink may, everything else from any
/// thread. A value; copies share the threshold, and what the sink's closure shares.
class logger {
public:
    using sink = std::function<void(const log_record&)>;

    logger() = default;
    explicit logger(sink s, log_level threshold = log_level::info)
        : sink_(std::move(s)), threshold_(sink_ ? std::make_shared<level>(threshold) : nullptr)
    {
    }

    bool enabled(log_level l) const noexcept
    {
        return threshold_ && l >= threshold_->load(std::memory_order_relaxed);
    }

    /// The lowest level that is written. Without a sink it is `error`, and that is not written
    /// either.
    log_level threshold() const noexcept
    {
        return threshold_ ? threshold_->load(std::memory_order_relaxed) : log_level::error;
    }

    /// From here on, for every copy of this logger. Without a sink it has no effect.
    void set_threshold(log_level l) const noexcept
    {
        if (threshold_)
            threshold_->store(l, std::memory_order_relaxed);
    }

    /// Never throws: a line whose sink throws is lost.
    void write(log_level l, std::string_view id, std::string_view text,
               std::initializer_list<log_field> fields = {}) const;

private:
    using level = std::atomic<log_level>;

    sink sink_;
    std::shared_ptr<level> threshold_;  // null: there is no sink
};

/// Lines on stderr: "warning connection.lost: text (session=1a2b3c4d)".
logger stderr_logger(log_level threshold = log_level::info);

/// Text from outside made safe for a log line: control, escape and bidirectional characters and
/// broken UTF-8 become `\x..`, and it is cut to `limit` bytes (reliability.md S20).
std::string printable(std::string_view text, std::size_t limit = 256);

/// The first eight characters, enough to find a session in the log (reliability.md S22).
std::string short_id(std::string_view session_id);

}  // namespace aiflow
