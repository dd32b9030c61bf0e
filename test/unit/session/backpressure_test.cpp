// Queues have limits; reaching one is told, and hurts nobody else.
#include "rig.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace aiflow;
using namespace aiflow::test;

namespace {

asio::awaitable<void> stuck(manual_clock* time, scripted_handler&, std::string what)
{
    if (what == "stuck")
        co_await time->sleep_until(time->now() + 24h);
}

asio::awaitable<void> takes(manual_clock* time, std::string what)
{
    if (what == "200 ms")
        co_await time->sleep_until(time->now() + 200ms);
    if (what == "3 s")
        co_await time->sleep_until(time->now() + 3s);
}

// Heeds no interruption.
asio::awaitable<void> deaf(manual_clock* time, std::string what)
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    if (what == "deaf")
        co_await time->sleep_until(time->now() + 10min);
}

struct stuck_bot : rig {
    explicit stuck_bot(client_options o = {}) : rig(std::move(o))
    {
        bot->on_event = [this](scripted_handler& h, std::string what) {
            return stuck(&time, h, std::move(what));
        };
        rig::start();
    }
};

std::string many(int n, const std::string& what)
{
    std::string events;
    for (int i = 0; i < n; ++i)
        events += (i == 0 ? "" : ",") + speak_event("a", what);
    return events;
}

client_options small_queues()
{
    client_options o;
    o.sessions.queue_events = 4;
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backpressure)

BOOST_AUTO_TEST_CASE(a_session_that_is_too_slow_ends_itself_not_the_connection)
{
    stuck_bot r(small_queues());
    r.send(speak_event("a", "stuck"));
    for (int i = 0; i < 6; ++i)
        r.send(speak_event("a", "more"));
    r.run(9s);
    BOOST_TEST(r.loop->home().snapshot().queued_events == 4u);
    BOOST_TEST(r.bot->ends.empty());
    r.run(2s);
    BOOST_TEST(r.loop->home().snapshot().queued_events == 0u);
    BOOST_TEST(r.bot->ends.size() == 1u);
    BOOST_TEST((r.bot->ends.at(0).cause == end_cause::overflow));
    BOOST_TEST(r.logged("session.overflow"));
    BOOST_TEST(r.loop->home().snapshot().overflown_sessions == 1u);
    BOOST_TEST(r.bot->alive == 0);

    r.send(speak_event("b", "hello"));
    BOOST_TEST(r.bot->journal.back() == "hello");
    BOOST_TEST(r.peers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(others_on_the_connection_are_held_up_for_a_moment_only)
{
    stuck_bot r(small_queues());
    r.send(speak_event("b", "hello"));
    r.send(speak_event("a", "stuck"));
    for (int i = 0; i < 6; ++i)
        r.send(speak_event("a", "more"));
    r.send(speak_event("b", "are you there?"));
    r.run(250ms);
    BOOST_TEST(std::count(r.bot->journal.begin(), r.bot->journal.end(), "are you there?") == 1);
    BOOST_TEST(std::count(r.bot->journal.begin(), r.bot->journal.end(), "end overflow") == 1);
}

BOOST_AUTO_TEST_CASE(so_they_are_by_one_that_is_slow_all_the_time)
{
    stuck_bot r(small_queues());
    r.bot->on_event = [&r](scripted_handler&, std::string what) { return takes(&r.time, what); };
    r.send(start("b"));
    r.send("[" + many(100, "200 ms") + "," + speak_event("b", "are you there?") + "]");
    const auto began = r.time.now();
    BOOST_TEST(r.until([&] { return r.bot->journal.back() == "are you there?"; }));
    BOOST_TEST((r.time.now() - began <= 250ms));
    BOOST_TEST(r.loop->home().snapshot().overflown_sessions == 1u);
}

BOOST_AUTO_TEST_CASE(one_that_has_caught_up_is_waited_for_anew)
{
    stuck_bot r(small_queues());
    r.bot->on_event = [&r](scripted_handler&, std::string what) { return takes(&r.time, what); };
    r.send(start("b"));
    for (int i = 0; i < 5; ++i) {
        r.send("[" + many(6, "200 ms") + "]");
        r.run(2s);
    }
    BOOST_TEST(std::count(r.bot->journal.begin(), r.bot->journal.end(), "200 ms") == 30);
    BOOST_TEST(r.bot->ends.empty());
}

BOOST_AUTO_TEST_CASE(one_that_is_alone_may_be_slow_and_its_connection_is_not_taken_for_dead)
{
    stuck_bot r(small_queues());
    r.bot->on_event = [&r](scripted_handler&, std::string what) { return takes(&r.time, what); };
    r.send("[" + many(30, "3 s") + "]");
    r.run(2min);
    BOOST_TEST(r.bot->journal.size() == 30u);
    BOOST_TEST(r.peers.size() == 1u);
    // And a dead one is still noticed.
    r.last().control.mute(true);
    r.run(31s);
    BOOST_TEST(r.logged("connection.lost"));
}

BOOST_AUTO_TEST_CASE(F41_a_flood_is_slowed_down_and_nothing_is_lost)
{
    stuck_bot r(small_queues());
    r.send(start("a"));
    std::string array = "[";
    for (int i = 0; i < 10'000; ++i)
        array += speak_event("a", std::to_string(i)) + ",";
    array.back() = ']';
    r.send(array);
    BOOST_TEST(r.bot->journal.size() == 10'001u);
    for (std::size_t i = 0; i < 10'000; i += 999)
        BOOST_TEST(r.bot->journal[i + 1] == std::to_string(i));
    BOOST_TEST(r.bot->ends.empty());
}

BOOST_AUTO_TEST_CASE(a_failure_for_a_call_that_is_over_holds_nobody_up)
{
    stuck_bot r(small_queues());
    r.bot->on_event = [&r](scripted_handler&, std::string what) { return deaf(&r.time, what); };
    r.send(start("b"));
    r.send(speak_event("a", "deaf"));
    for (int i = 0; i < 3; ++i)
        r.send(speak_event("a", "more"));
    r.send(plain("session_end", "a"));
    for (int i = 0; i < 3; ++i)
        r.send(failed_event("a", "4915112345678", "smsc_unavailable"));
    r.send(speak_event("b", "hello"));
    BOOST_TEST(std::count(r.bot->journal.begin(), r.bot->journal.end(), "hello") == 1);
    BOOST_TEST(r.loop->home().sms().statistics().orphans == 3u);
    BOOST_TEST(r.loop->home().snapshot().queued_events == 4u);
    r.run(10min);
    BOOST_TEST(r.bot->ends.size() == 1u);
}

BOOST_AUTO_TEST_CASE(actions_beyond_the_queue_are_refused_by_name)
{
    client_options o;
    o.connection.queue_messages = 8;
    stuck_bot r(o);
    r.send(start("a"));
    r.last().client_control.stall_writes(true);
    auto& call = r.bot->sessions.at(0);
    for (int i = 0; i < 8; ++i)
        BOOST_TEST(!call.send(speak{.text = "hello"}).has_error());
    r.settle();  // the writer has taken these
    for (int i = 0; i < 8; ++i)
        BOOST_TEST(!call.send(speak{.text = "hello"}).has_error());
    const auto refused = call.send(speak{.text = "hello"});
    BOOST_TEST((refused.error().code == errc::queue_full));
    const auto now = r.loop->home().snapshot();
    BOOST_TEST(now.refused_actions == 1u);
    BOOST_TEST(now.queued_messages == 16u);
    BOOST_TEST(now.open_connections == 1u);
}

BOOST_AUTO_TEST_CASE(a_peer_that_takes_no_answers_is_not_read_and_then_dropped)
{
    client_options o;
    o.connection.queue_messages = 8;
    stuck_bot r(o);
    r.send(start("a"));
    r.last().client_control.stall_writes(true);
    r.settle();
    auto& call = r.bot->sessions.at(0);
    (void)call.send(speak{.text = "one"});
    r.run(31s);
    BOOST_TEST(r.peers.size() == 2u);
    BOOST_TEST(r.logged("connection.lost: the peer does not take"));
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_behind_is_read_again_when_it_has_caught_up)
{
    client_options o;
    o.connection.queue_messages = 8;
    stuck_bot r(o);
    r.bot->on_event = {};
    r.send(start("a"));
    r.last().client_control.stall_writes(true);
    r.bot->on_event = [](scripted_handler& h, std::string what) -> asio::awaitable<void> {
        for (int i = 0; i < (what == "many" ? 6 : 1); ++i)
            co_await h.say("an answer");
    };
    r.send(speak_event("a", "first"));
    r.settle();  // the writer has taken this one's answer
    r.send(speak_event("a", "many"));
    r.send(speak_event("a", "held back"));
    BOOST_TEST(r.bot->journal.back().ends_with("many"));
    r.last().client_control.stall_writes(false);
    r.settle();
    BOOST_TEST(r.bot->journal.back().ends_with("held back"));
    BOOST_TEST(r.last().received.size() == 8u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_refused_with_field_and_remedy)
{
    stuck_bot r;
    r.send(start("a"));
    auto& call = r.bot->sessions.at(0);
    const auto both = call.send(speak{.text = "a", .ssml = "<speak/>"});
    BOOST_TEST((both.error().code == errc::invalid_choice));
    const auto sms = call.send(send_sms{phone_number::parse("4915112345678").value(), "secret"});
    BOOST_TEST(to_string(sms.error()) ==
               "send_sms: is sent by send_sms or async_send_sms, which look after the message");
    BOOST_TEST(r.last().received.empty());
}

BOOST_AUTO_TEST_SUITE_END()
