#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/log.hpp"
#include "daemon/child_command.hpp"
#include "daemon/line_queue.hpp"
#include "daemon/line_splitter.hpp"
#include "daemon/restart_policy.hpp"
#include "daemon/stderr_log.hpp"
#include "session/async_event.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

class child_process;

/// How a child is kept running; see `daemon_config::pipe_section`.
struct pipe_settings {
    child_command command = {};
    std::chrono::milliseconds restart_initial{500};
    std::chrono::milliseconds restart_max{30'000};
    std::chrono::milliseconds write_timeout{5'000};
    std::chrono::milliseconds stop_timeout{5'000};
    std::size_t line_bytes = std::size_t{4} * 1024 * 1024;
};

/// Who hears a child.
class pipe_reader {
public:
    virtual ~pipe_reader() = default;

    /// A whole line of its stdout.
    virtual void line(std::string_view text) = 0;

    /// Completes when more lines can be taken. Cancellation: any type; never throws.
    virtual asio::awaitable<void> room() = 0;

    /// It writes nothing more, and lines that it has not answered stay unanswered. May be told more
    /// than once for one child.
    virtual void gone() = 0;
};

/// Keeps one child process running: feeds it lines, reads its lines, logs its stderr, starts it
/// again when it has ended, kills it when it does not read.
///
/// Thread safety: none; the executor's. Lifetime: must outlive `run`; `log` and `reader` outlive
/// it.
class pipe_child {
public:
    pipe_child(const asio::any_io_executor& executor, clock& time, const logger& log,
               pipe_settings settings, pipe_reader& reader, std::uint64_t seed);

    /// Completes after `stop`, when the child has ended. Cancellation: any type; kills the child.
    asio::awaitable<void> run();

    /// Gives the child what waits for it, closes its stdin and waits for its end: SIGTERM after
    /// half of `stop_timeout`, SIGKILL after the whole of it.
    void stop();

    /// With another command or directory, the child is asked to end as by `stop`, and the next one
    /// gets what comes meanwhile.
    void change(pipe_settings settings);

    /// Closed while there is no child.
    line_queue& lines() noexcept { return lines_; }
    const line_queue& lines() const noexcept { return lines_; }

    bool running() const noexcept { return lines_.is_open(); }

    /// Why none is running, and when the next one is started; empty when one is.
    std::string trouble() const;

    std::uint64_t failures() const noexcept { return failures_; }
    std::uint64_t lines_too_long() const noexcept { return lines_too_long_; }

private:
    enum class reason : unsigned char { ended, told, does_not_read, closed_stdin, closed_stdout };

    asio::awaitable<bool> live_and_pause();
    asio::awaitable<void> live(child_process& p);
    asio::awaitable<reason> write(child_process& p);
    asio::awaitable<void> read(child_process& p, line_splitter& lines);
    asio::awaitable<void> keep_reading(child_process& p, line_splitter& lines);
    asio::awaitable<void> read_errors(child_process& p, stderr_log& errors);
    asio::awaitable<void> wind_down(child_process& p, bool at_once);
    void drain(child_process& p, line_splitter& lines, stderr_log& errors);
    void hand_on(line_splitter& lines);
    static std::string_view being_ended(reason why) noexcept;
    void ended(child_process& p, reason why);
    void not_started(const problem& why);

    asio::any_io_executor executor_;
    clock& time_;
    const logger& log_;
    pipe_settings settings_;
    pipe_reader& reader_;
    restart_policy restarts_;
    line_queue lines_;
    async_event hurry_;                            // ends a pause
    std::optional<clock::time_point> next_start_;  // in a pause
    clock::time_point started_;
    std::string last_trouble_ = "has not been started";
    std::string told_;  // the last problem that was logged
    std::uint64_t failures_ = 0;
    std::uint64_t lines_too_long_ = 0;
    bool finishing_ = false;  // this child is to end
    bool replacing_ = false;  // and another one is to follow at once
    bool stopping_ = false;
};

}  // namespace aiflow
