#pragma once

#include "aiflow/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <map>

namespace aiflow::test {

/// A clock that stands still until it is told to move.
///
/// Lifetime: must outlive every coroutine that sleeps on it.
class manual_clock final : public clock {
public:
    time_point now() const noexcept override { return now_; }
    wall_time wall_now() const noexcept override { return wall_; }
    asio::awaitable<error_code> sleep_until(time_point when) override;

    /// Moves time forward by `by` and wakes whoever is due. Does not run them.
    void advance(duration by);

    /// Moves time to the earliest sleeper; false when nobody sleeps, or only after `limit`.
    bool jump_to_next_sleeper(time_point limit = time_point::max());

    /// Moves only the wall clock, as an operator or NTP would.
    void jump_wall(duration by) { wall_ += by; }

    std::size_t sleepers() const noexcept { return sleepers_.size(); }

private:
    struct sleeper;

    void wake_due();

    time_point now_{std::chrono::hours{1}};
    wall_time wall_{std::chrono::hours{24 * 365 * 57}};
    std::multimap<time_point, sleeper*> sleepers_;
};

/// Runs everything that is ready, without moving time.
void settle(asio::io_context& io);

/// Runs for `span` of virtual time, jumping from sleeper to sleeper.
void run_for(asio::io_context& io, manual_clock& time, clock::duration span);

/// Runs in virtual time until `done` returns true or `limit` has passed; tells whether it was done.
template <class Predicate>
bool run_until(asio::io_context& io, manual_clock& time, clock::duration limit, Predicate done)
{
    const auto end = time.now() + limit;
    settle(io);
    while (!done()) {
        if (!time.jump_to_next_sleeper(end))
            return false;
        settle(io);
    }
    return true;
}

}  // namespace aiflow::test
