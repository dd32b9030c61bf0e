#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/log.hpp"
#include "daemon/line_splitter.hpp"
#include "session/log_limiter.hpp"

#include <string>
#include <string_view>

namespace aiflow {

/// Makes lines of the log of what a child process says on its stderr: each one printable, its
/// numbers masked, cut to 1 KiB, and not too many in a second.
///
/// Thread safety: none.
class stderr_log {
public:
    /// `log` must outlive it.
    explicit stderr_log(const logger& log) : log_(log) {}

    void push(std::string_view bytes, clock::time_point now);

    /// Nothing more comes.
    void finish(clock::time_point now);

private:
    void line(std::string_view text, clock::time_point now);

    static constexpr std::size_t line_bytes = 1024;
    // A traceback is a burst of lines, of which the last one matters.
    static constexpr unsigned lines_per_second = 100;

    const logger& log_;
    line_splitter lines_{line_bytes, line_splitter::too_long::cut};
    log_limiter limiter_{lines_per_second};
};

}  // namespace aiflow
