#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
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
/// Thread safety: `write` may be called from any thread if the sink may. A value; copies share what
/// the sink's closure shares.
class logger {
public:
    using sink = std::function<void(const log_record&)>;

    logger() = default;
    explicit logger(sink s, log_level threshold = log_level::info)
        : sink_(std::move(s)), threshold_(threshold)
    {
    }

    bool enabled(log_level l) const noexcept { return sink_ && l >= threshold_; }

    void write(log_level l, std::string_view id, std::string_view text,
               std::initializer_list<log_field> fields = {}) const;

private:
    sink sink_;
    log_level threshold_ = log_level::info;
};

/// Lines on stderr: "warning connection.lost: text (session=1a2b3c4d)".
logger stderr_logger(log_level threshold = log_level::info);

/// Text from outside made safe for a log line: control, escape and bidirectional characters and
/// broken UTF-8 become `\x..`, and it is cut to `limit` bytes (reliability.md S20).
std::string printable(std::string_view text, std::size_t limit = 256);

/// The first eight characters, enough to find a session in the log (reliability.md S22).
std::string short_id(std::string_view session_id);

}  // namespace aiflow
