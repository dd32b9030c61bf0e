#pragma once

#include "aiflow/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace aiflow {

namespace asio = boost::asio;

/// Where time comes from. Everything that waits or measures is given one of these, so that tests
/// can run a day in milliseconds.
///
/// Thread safety: `now` and `wall_now` from any thread; `sleep_until` from the caller's executor.
/// Lifetime: must outlive everything that was given it.
class clock {
public:
    using duration = std::chrono::steady_clock::duration;
    using time_point = std::chrono::steady_clock::time_point;
    using wall_time = std::chrono::system_clock::time_point;

    virtual ~clock() = default;

    /// Steady: never jumps, not comparable between processes.
    virtual time_point now() const noexcept = 0;

    /// Wall time: for records that outlive the process. May jump.
    virtual wall_time wall_now() const noexcept = 0;

    /// Completes without an error at `when`, at once if that has passed.
    /// Cancellation: any type; completes with `operation_aborted`, never throws.
    virtual asio::awaitable<error_code> sleep_until(time_point when) = 0;
};

/// The machine's clock.
clock& real_clock() noexcept;

}  // namespace aiflow
