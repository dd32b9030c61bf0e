#include "daemon/watchdog.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace aiflow {

watchdog::watchdog(clock& time, service_manager& manager, std::chrono::microseconds interval,
                   health_check not_healthy, logger log)
    : time_(time), manager_(manager), interval_(interval), not_healthy_(std::move(not_healthy)),
      log_(std::move(log))
{
}

asio::awaitable<void> watchdog::run()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto loop = co_await asio::this_coro::executor;
    for (;;) {
        // From now, not from the last time: what was missed is not made up for.
        const auto cancelled = co_await time_.sleep_until(time_.now() + interval_);
        if (cancelled)
            co_return;
        co_await asio::post(loop, asio::use_awaitable);
        feed();
    }
}

void watchdog::feed()
{
    const auto why = not_healthy_();
    if (!why)
        manager_.watchdog();
    if (why.has_value() == std::exchange(withheld_, why.has_value()))
        return;
    if (why)
        log_.write(log_level::error, "service.unhealthy",
                   "the watchdog is not fed any more; it will start the service anew",
                   {{"why", *why}});
    else
        log_.write(log_level::info, "service.healthy", "the watchdog is fed again");
}

}  // namespace aiflow
