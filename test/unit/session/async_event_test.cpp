// Waking one coroutine from another one, also in the moment in which its time is over.
#include "manual_clock.hpp"
#include "session/async_event.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

struct waiting {
    void begin(aiflow::clock::duration limit)
    {
        told.reset();
        asio::co_spawn(io, event.wait_until(time, time.now() + limit),
                       [this](std::exception_ptr, bool in_time) { told = in_time; });
        settle(io);
    }

    asio::io_context io;
    manual_clock time;
    async_event event{io.get_executor()};
    std::optional<bool> told;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(async_events)

BOOST_AUTO_TEST_CASE(it_wakes_whoever_waits_or_comes_next)
{
    waiting w;
    w.begin(1s);
    BOOST_TEST(!w.told.has_value());
    w.event.notify();
    settle(w.io);
    BOOST_TEST(w.told.value());
    w.event.notify();
    w.begin(1s);
    BOOST_TEST(w.told.value());
    w.begin(1s);
    run_for(w.io, w.time, 1s);
    BOOST_TEST(!w.told.value());
}

BOOST_AUTO_TEST_CASE(what_comes_in_the_moment_in_which_the_time_is_over_is_not_lost)
{
    waiting w;
    w.begin(1s);
    w.time.advance(1s);
    w.event.notify();
    settle(w.io);
    const bool told = w.told.value();
    w.begin(1s);
    run_for(w.io, w.time, 2s);
    BOOST_TEST((told || w.told.value()));
    BOOST_TEST(told != w.told.value());
}

BOOST_AUTO_TEST_SUITE_END()
