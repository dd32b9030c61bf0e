#pragma once

#include "aiflow/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace aiflow {

/// Wakes one coroutine from another one. Stays set until somebody has waited for it.
///
/// A timer that never expires does the waking, since Asio's channels lose messages in Boost 1.81.
/// Thread safety: none; one executor. Lifetime: must outlive whoever waits.
class async_event {
public:
    explicit async_event(const asio::any_io_executor& executor)
        : timer_(executor, asio::steady_timer::time_point::max())
    {
    }

    void notify()
    {
        set_ = true;
        timer_.cancel();
    }

    /// Completes when set, and resets; at once if it is set.
    /// Cancellation: any type; completes without resetting, never throws.
    asio::awaitable<void> wait();

    /// The same until `deadline`; false when that came first.
    asio::awaitable<bool> wait_until(clock& time, clock::time_point deadline);

private:
    asio::steady_timer timer_;
    bool set_ = false;
};

}  // namespace aiflow
