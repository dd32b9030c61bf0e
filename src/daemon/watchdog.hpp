#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/log.hpp"
#include "daemon/service_manager.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace aiflow {

/// Feeds systemd's watchdog for as long as the process works.
///
/// It is fed by the main loop, behind everything that was ready, so that a loop that hangs does not
/// feed it; and only when `not_healthy` finds nothing. A process that was stopped for a while feeds
/// it once when it goes on, as it says nothing about the time in between.
///
/// Thread safety: none; the executor of the main loop. Lifetime: clock, manager and what the check
/// uses must outlive `run`.
class watchdog {
public:
    /// Says why the process does not work; nothing when it does.
    using health_check = std::function<std::optional<std::string>()>;

    watchdog(clock& time, service_manager& manager, std::chrono::microseconds interval,
             health_check not_healthy, logger log);

    /// Cancellation: any type; ends it, without an exception.
    asio::awaitable<void> run();

private:
    void feed();

    clock& time_;
    service_manager& manager_;
    std::chrono::microseconds interval_;
    health_check not_healthy_;
    logger log_;
    bool withheld_ = false;
};

}  // namespace aiflow
