#include "session/async_event.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace aiflow {

asio::awaitable<void> async_event::wait()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!set_) {
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        // Whoever has given up does not take what came meanwhile.
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return;
    }
    set_ = false;
}

asio::awaitable<bool> async_event::wait_until(clock& time, clock::time_point deadline)
{
    using namespace asio::experimental::awaitable_operators;
    if (set_) {
        set_ = false;
        co_return true;
    }
    if (time.now() >= deadline)
        co_return false;
    auto first = co_await (wait() || time.sleep_until(deadline));
    // Both may be ready at once: then it counts as set.
    co_return std::exchange(set_, false) || first.index() == 0;
}

}  // namespace aiflow
