#include "manual_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace aiflow::test {

// A timer that never expires by itself: time wakes it by cancelling.
struct manual_clock::sleeper {
    explicit sleeper(const asio::any_io_executor& executor, manual_clock& owner, time_point when)
        : timer(executor, time_point::max()), owner_(owner),
          place_(owner.sleepers_.emplace(when, this))
    {
    }
    sleeper(const sleeper&) = delete;
    sleeper& operator=(const sleeper&) = delete;
    ~sleeper()
    {
        if (!woken)
            owner_.sleepers_.erase(place_);
    }

    asio::steady_timer timer;
    bool woken = false;

private:
    manual_clock& owner_;
    std::multimap<time_point, sleeper*>::iterator place_;
};

asio::awaitable<error_code> manual_clock::sleep_until(time_point when)
{
    if (when <= now_)
        co_return error_code{};
    sleeper self(co_await asio::this_coro::executor, *this, when);
    auto [ec] = co_await self.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return self.woken ? error_code{} : ec;
}

void manual_clock::wake_due()
{
    while (!sleepers_.empty() && sleepers_.begin()->first <= now_) {
        sleeper* due = sleepers_.begin()->second;
        sleepers_.erase(sleepers_.begin());
        due->woken = true;
        due->timer.cancel();
    }
}

void manual_clock::advance(duration by)
{
    now_ += by;
    wall_ += std::chrono::duration_cast<wall_time::duration>(by);
    wake_due();
}

bool manual_clock::jump_to_next_sleeper(time_point limit)
{
    if (sleepers_.empty() || sleepers_.begin()->first > limit)
        return false;
    advance(sleepers_.begin()->first - now_);
    return true;
}

void settle(asio::io_context& io)
{
    io.restart();
    while (io.poll() > 0) {
    }
}

void run_for(asio::io_context& io, manual_clock& time, clock::duration span)
{
    const auto end = time.now() + span;
    settle(io);
    while (time.jump_to_next_sleeper(end))
        settle(io);
    if (time.now() < end)
        time.advance(end - time.now());
    settle(io);
}

}  // namespace aiflow::test
