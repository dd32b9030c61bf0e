#include "aiflow/clock.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace aiflow {
namespace {

class machine_clock final : public clock {
public:
    time_point now() const noexcept override { return std::chrono::steady_clock::now(); }

    wall_time wall_now() const noexcept override { return std::chrono::system_clock::now(); }

    asio::awaitable<error_code> sleep_until(time_point when) override
    {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return asio::error::operation_aborted;
        if (when <= now())
            co_return error_code{};
        asio::steady_timer timer(co_await asio::this_coro::executor, when);
        auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        co_return ec;
    }
};

}  // namespace

clock& real_clock() noexcept
{
    static machine_clock instance;
    return instance;
}

}  // namespace aiflow
