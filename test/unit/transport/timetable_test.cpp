#include "transport/timetable.hpp"

#include "manual_clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

struct noted final : timetable::entry {
    explicit noted(std::vector<clock::time_point>& to) : to_(to) {}
    void on_due(clock::time_point now) override { to_.push_back(now); }

private:
    std::vector<clock::time_point>& to_;
};

struct watched_table {
    watched_table()
    {
        asio::co_spawn(
            io, times.watch(),
            asio::bind_cancellation_slot(stop.slot(), [this](std::exception_ptr) { over = true; }));
        settle(io);
    }

    // Before the clock goes, on which the watcher sleeps.
    ~watched_table()
    {
        stop.emit(asio::cancellation_type::terminal);
        settle(io);
    }

    asio::io_context io;
    manual_clock time;
    timetable times{io.get_executor(), time};
    asio::cancellation_signal stop;
    std::vector<clock::time_point> seen;
    clock::time_point start = time.now();
    bool over = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(timetables)

BOOST_AUTO_TEST_CASE(looks_at_each_entry_when_its_time_has_come)
{
    watched_table t;
    noted late(t.seen);
    noted early(t.seen);
    t.times.advance(late, t.start + 10s);
    run_for(t.io, t.time, 1s);
    // Whoever waits for the first one has to be woken for this one.
    t.times.advance(early, t.start + 3s);
    run_for(t.io, t.time, 20s);
    BOOST_TEST((t.seen == std::vector{t.start + 3s, t.start + 10s}));
}

BOOST_AUTO_TEST_CASE(an_entry_only_moves_forward)
{
    watched_table t;
    noted e(t.seen);
    t.times.advance(e, t.start + 5s);
    t.times.advance(e, t.start + 9s);
    run_for(t.io, t.time, 20s);
    BOOST_TEST((t.seen == std::vector{t.start + 5s}));
    t.times.advance(e, t.start + 40s);
    t.times.advance(e, t.start + 30s);
    run_for(t.io, t.time, 60s);
    BOOST_TEST((t.seen == std::vector{t.start + 5s, t.start + 30s}));
}

BOOST_AUTO_TEST_CASE(what_has_gone_is_not_looked_at)
{
    watched_table t;
    noted stays(t.seen);
    t.times.advance(stays, t.start + 7s);
    {
        noted goes(t.seen);
        t.times.advance(goes, t.start + 2s);
        run_for(t.io, t.time, 1s);
    }
    noted removed(t.seen);
    t.times.advance(removed, t.start + 3s);
    t.times.remove(removed);
    run_for(t.io, t.time, 20s);
    BOOST_TEST((t.seen == std::vector{t.start + 7s}));
}

// Deadlines that come and go without being reached cost hardly any waking.
BOOST_AUTO_TEST_CASE(wakes_seldom_for_deadlines_that_are_not_reached)
{
    watched_table t;
    std::size_t steps = 0;
    for (int i = 0; i < 1000; ++i) {
        noted deadline(t.seen);
        t.times.advance(deadline, t.time.now() + 10s);
        t.time.advance(10ms);
        t.io.restart();
        steps += t.io.poll();
    }
    BOOST_TEST(t.seen.empty());
    BOOST_TEST(steps < 100U);
}

BOOST_AUTO_TEST_CASE(watching_ends_when_cancelled)
{
    watched_table t;
    noted e(t.seen);
    t.times.advance(e, t.start + 5s);
    settle(t.io);
    t.stop.emit(asio::cancellation_type::terminal);
    settle(t.io);
    BOOST_TEST(t.over);
    BOOST_TEST(t.time.sleepers() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
