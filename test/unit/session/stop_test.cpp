// Stopping: in order, within its limits, from every state.
#include "rig.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using words = std::vector<std::string>;

asio::awaitable<void> stopped_while(manual_clock* time, scripted_handler&, std::string what)
{
    if (what == "slow")
        co_await time->sleep_until(time->now() + 1h);
}

asio::awaitable<void> deaf_while(manual_clock* time, scripted_handler&, std::string what)
{
    if (what != "slow")
        co_return;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await time->sleep_until(time->now() + 1h);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stop)

BOOST_AUTO_TEST_CASE(without_calls_it_closes_at_once_with_1001)
{
    rig r;
    r.start();
    r.loop->stop();
    r.settle();
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST(!*r.finished);
    BOOST_TEST(r.last().end->close_code == 1001);
    BOOST_TEST((r.loop->status().state == client_state::stopped));
}

BOOST_AUTO_TEST_CASE(calls_may_end_first)
{
    rig r;
    r.start();
    r.send(start("a"));
    r.loop->stop();
    r.run(10s);
    BOOST_TEST(!r.finished);
    r.send(start("b"));  // no further call is taken
    r.send(speak_event("a", "bye"));
    r.send(plain("session_end", "a"));
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST(r.bot->journal == (words{"start", "bye", "end service"}));
}

BOOST_AUTO_TEST_CASE(calls_that_do_not_end_are_told_after_the_drain)
{
    rig r;
    r.start();
    r.send(start("a"));
    r.loop->stop();
    r.run(19s);
    BOOST_TEST(!r.finished);
    r.run(2s);
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST((r.bot->ends.at(0).cause == end_cause::shut_down));
    BOOST_TEST(r.bot->alive == 0);
    BOOST_TEST(r.last().end->close_code == 1001);
}

BOOST_AUTO_TEST_CASE(a_second_stop_does_not_wait)
{
    rig r;
    r.bot->on_event = [&r](scripted_handler& h, std::string what) {
        return stopped_while(&r.time, h, std::move(what));
    };
    r.start();
    r.send(speak_event("a", "slow"));
    r.loop->stop();
    r.settle();
    BOOST_TEST(!r.finished);
    r.loop->stop();
    r.settle();
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST((r.bot->ends.at(0).cause == end_cause::shut_down));
}

BOOST_AUTO_TEST_CASE(a_handler_that_does_not_heed_it_may_outlive_the_client)
{
    rig r;
    r.bot->on_event = [&r](scripted_handler& h, std::string what) {
        return deaf_while(&r.time, h, std::move(what));
    };
    r.start();
    r.send(speak_event("a", "slow"));
    r.loop->abort();
    r.run(1min);
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST(r.bot->alive == 1);
    r.loop.reset();
    r.run(2h);
    BOOST_TEST(r.bot->alive == 0);
    BOOST_TEST(r.io.stopped());
}

BOOST_AUTO_TEST_CASE(it_stops_while_connecting)
{
    rig r;
    r.hang = true;
    r.start();
    BOOST_TEST((r.loop->status().state == client_state::connecting));
    r.loop->stop();
    r.settle();
    BOOST_TEST(r.finished.has_value());
}

BOOST_AUTO_TEST_CASE(it_stops_while_waiting_for_the_next_attempt)
{
    rig r;
    r.refusals.resize(100);
    r.start();
    r.run(5min);
    BOOST_TEST((r.loop->status().state == client_state::waiting));
    r.loop->stop();
    r.settle();
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST(r.time.sleepers() == 0u);
}

BOOST_AUTO_TEST_CASE(it_stops_before_it_began)
{
    rig r;
    r.loop->stop();
    r.start();
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST(r.attempts == 0u);
}

BOOST_AUTO_TEST_CASE(it_runs_once)
{
    rig r;
    r.start();
    r.loop->stop();
    r.settle();
    BOOST_TEST(r.finished.has_value());
    r.start();
    BOOST_TEST(*r.finished == asio::error::already_started);
    BOOST_TEST(r.attempts == 1u);
}

BOOST_AUTO_TEST_CASE(a_cancellation_waits_no_longer_than_abort)
{
    using type = asio::cancellation_type;
    for (const auto how : {type::terminal, type::total}) {
        rig waiting;
        waiting.refusals.resize(100);
        waiting.start();
        waiting.run(5min);
        BOOST_TEST((waiting.loop->status().state == client_state::waiting));
        waiting.cancel.emit(how);
        waiting.settle();
        BOOST_TEST(waiting.finished.has_value());

        rig connecting;
        connecting.hang = true;
        connecting.start();
        connecting.cancel.emit(how);
        connecting.settle();
        BOOST_TEST(connecting.finished.has_value());
        BOOST_TEST(!connecting.logged("connection.failed"));

        rig talking;
        talking.bot->on_event = [&talking](scripted_handler& h, std::string what) {
            return stopped_while(&talking.time, h, std::move(what));
        };
        talking.start();
        talking.send(speak_event("a", "slow"));
        talking.cancel.emit(how);
        talking.settle();
        BOOST_TEST(talking.finished.has_value());
        BOOST_TEST(!talking.logged("connection.lost"));

        rig draining;
        draining.start();
        draining.send(start("a"));
        draining.loop->stop();
        draining.settle();
        BOOST_TEST(!draining.finished);
        draining.cancel.emit(how);
        draining.settle();
        BOOST_TEST(draining.finished.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_answer_the_close_costs_five_seconds)
{
    rig r;
    r.start();
    r.last().control.mute(true);
    r.loop->stop();
    r.run(4s);
    BOOST_TEST(!r.finished);
    r.run(2s);
    BOOST_TEST(r.finished.has_value());
}

BOOST_AUTO_TEST_CASE(nothing_sleeps_after_the_end)
{
    rig r;
    r.start();
    for (const char* id : {"a", "b", "c"})
        r.send(start(id));
    r.loop->abort();
    r.settle();
    BOOST_TEST(r.finished.has_value());
    BOOST_TEST(r.time.sleepers() == 0u);
    BOOST_TEST(r.bot->alive == 0);
}

BOOST_AUTO_TEST_SUITE_END()
