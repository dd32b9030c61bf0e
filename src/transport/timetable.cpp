#include "transport/timetable.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace aiflow {

void timetable::advance(entry& e, clock::time_point when)
{
    if (e.is_linked() && when >= e.when_)
        return;
    remove(e);
    e.when_ = when;
    entries_.insert(e);
    if (is_too_late())
        earlier_.cancel();
}

bool timetable::is_too_late() const
{
    return !entries_.empty() && entries_.begin()->when_ < next_;
}

void timetable::run_due(clock::time_point now)
{
    while (!entries_.empty() && entries_.begin()->when_ <= now) {
        entry& e = *entries_.begin();
        remove(e);
        e.on_due(now);
    }
}

asio::awaitable<void> timetable::watch()
{
    using namespace asio::experimental::awaitable_operators;
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return;
        run_due(time_.now());
        next_ = entries_.empty() ? clock::time_point::max() : entries_.begin()->when_;
        if (next_ == clock::time_point::max())
            co_await earlier();
        else
            co_await (earlier() || time_.sleep_until(next_));
    }
}

asio::awaitable<void> timetable::earlier()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!is_too_late()) {
        co_await earlier_.async_wait(asio::as_tuple(asio::use_awaitable));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return;
    }
}

}  // namespace aiflow
