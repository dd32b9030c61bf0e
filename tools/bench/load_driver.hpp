#pragma once

#include "aiflow/message_stream.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace aiflow::bench {

/// What one run measured.
struct figures {
    std::size_t turnarounds = 0;
    std::chrono::duration<double> took{};
    std::vector<std::chrono::nanoseconds> latencies;  ///< sorted

    double rate() const { return static_cast<double>(turnarounds) / took.count(); }
    std::chrono::duration<double, std::micro> percentile(double p) const;
};

/// Plays the service's part as fast as it can: keeps one `user_speak` in flight in each of so many
/// calls, and sends the next one of a call when its answer has come.
///
/// Thread safety: none; the stream's executor. Lifetime: `stream` must outlive `run`.
class load_driver {
public:
    load_driver(message_stream& stream, std::size_t calls, std::size_t turnarounds);

    /// Throws `system_error` when the stream ends early, or an answer is not for an open question.
    asio::awaitable<figures> run();

private:
    using steady = std::chrono::steady_clock;

    void ask(std::size_t call);
    std::size_t answered(std::string_view action);
    asio::awaitable<void> flush();

    message_stream& stream_;
    std::size_t turnarounds_;
    std::vector<std::string> questions_;
    std::vector<steady::time_point> asked_;
    std::vector<outgoing_message> batch_;
    std::size_t sent_ = 0;
};

}  // namespace aiflow::bench
