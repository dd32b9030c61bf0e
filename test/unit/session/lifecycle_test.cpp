// How sessions begin, move, are lost, and end.
#include "rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using words = std::vector<std::string>;

asio::awaitable<void> echo(scripted_handler& h, std::string what)
{
    if (!h.call().over() && !what.starts_with("outcome"))
        co_await h.say(what);
}

struct echo_bot : rig {
    explicit echo_bot(client_options o = {}) : rig(std::move(o))
    {
        bot->on_event = echo;
        rig::start();
    }

    session_statistics stats() { return loop->home().snapshot(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lifecycle)

BOOST_AUTO_TEST_CASE(a_session_without_a_start_is_opened_by_any_event)
{
    echo_bot r;
    r.send(speak_event("a", "hello"));
    BOOST_TEST(r.bot->journal == (words{"hello"}));
    BOOST_TEST(r.bot->sessions.at(0).id() == "a");
}

BOOST_AUTO_TEST_CASE(T15_what_is_known_of_a_session_is_not_forgotten)
{
    echo_bot r;
    r.send(start("a", "4915112345678"));
    r.send(speak_event("a", "hello"));
    const auto& call = r.bot->sessions.at(0);
    BOOST_TEST(call.info().from_phone_number == "4915112345678");
    BOOST_TEST(call.caller().value().digits() == "4915112345678");
}

BOOST_AUTO_TEST_CASE(T9_a_second_start_resumes_and_keeps_the_handler)
{
    echo_bot r;
    r.send(start("a"));
    r.send(start("a"));
    BOOST_TEST(r.bot->journal == (words{"start", "start resumed"}));
    BOOST_TEST(r.bot->alive == 1);
    BOOST_TEST(r.stats().sessions == 1u);
}

BOOST_AUTO_TEST_CASE(the_end_destroys_the_handler_and_refuses_actions)
{
    echo_bot r;
    r.send(start("a"));
    r.send(R"({"type":"session_end","reason":"caller","session":{"id":"a"}})");
    BOOST_TEST(r.bot->journal == (words{"start", "end service"}));
    BOOST_TEST(r.bot->ends.at(0).reason == "caller");
    BOOST_TEST(r.bot->alive == 0);
    BOOST_TEST(r.stats().open_sessions == 0u);

    auto& call = r.bot->sessions.at(0);
    BOOST_TEST(call.over());
    const auto sent = call.send(speak{.text = "too late"});
    BOOST_TEST((sent.error().code == errc::session_over));
    BOOST_TEST(count(r.last().received, "speak") == 1u);
}

BOOST_AUTO_TEST_CASE(a_straggler_does_not_open_an_ended_session_again)
{
    echo_bot r;
    r.send(start("a"));
    r.send(plain("session_end", "a"));
    r.send(speak_event("a", "one more thing"));
    r.send(plain("session_end", "a"));
    BOOST_TEST(r.bot->journal == (words{"start", "end service"}));
    BOOST_TEST(r.stats().late_events == 2u);
    r.send(start("a"));
    BOOST_TEST(r.bot->alive == 1);
    BOOST_TEST(r.bot->journal.back() == "start resumed");
}

BOOST_AUTO_TEST_CASE(a_call_whose_first_event_was_another_one_has_not_started_before)
{
    echo_bot r;
    r.send(speak_event("a", "hello"));
    r.send(start("a"));
    BOOST_TEST(r.bot->journal == (words{"hello", "start"}));
}

// A start that has to wait for room is looked at twice.
BOOST_AUTO_TEST_CASE(a_start_behind_a_full_queue_is_no_second_one)
{
    client_options o;
    o.sessions.queue_events = 2;
    bool go_on = false;
    echo_bot r(o);
    r.bot->on_event = [&](scripted_handler&, std::string) -> asio::awaitable<void> {
        while (!go_on)
            co_await r.time.sleep_until(r.time.now() + 10ms);
    };
    for (int i = 0; i < 4; ++i)
        r.send(speak_event("a", "hello"));
    r.send(start("a"));
    go_on = true;
    r.run(1s);
    BOOST_TEST(r.bot->journal.back() == "start");
}

BOOST_AUTO_TEST_CASE(an_end_or_a_failure_of_an_unknown_session_opens_none)
{
    echo_bot r;
    r.send(plain("session_end", "x"));
    r.send(failed_event("y", "4915112345678", "smsc_unavailable"));
    BOOST_TEST(r.bot->journal.empty());
    BOOST_TEST(r.stats().sessions == 0u);
    BOOST_TEST(r.loop->home().sms().statistics().orphans == 1u);
}

BOOST_AUTO_TEST_CASE(T14_bad_messages_are_counted_and_close_nothing)
{
    echo_bot r;
    for (const char* bad : {"[]", "42", "{", "", "{\"type\":5}", "{\"type\":\"user_speak\"}"})
        r.send(bad);
    r.last().control.send_binary("\x01\x02");
    r.settle();
    r.send(R"({"type":"brand_new","session":{"id":"x"},"more":1})");
    BOOST_TEST(r.bot->journal == (words{"unknown brand_new"}));
    BOOST_TEST(r.stats().binary_messages == 1u);
    BOOST_TEST(r.stats().unknown_events == 1u);
    BOOST_TEST(r.peers.size() == 1u);
    BOOST_TEST(!r.last().end);
    BOOST_TEST(r.logged("event.malformed"));
}

BOOST_AUTO_TEST_CASE(T17_a_session_that_moves_takes_its_actions_along)
{
    echo_bot r;
    r.send(start("a"));
    r.send(start("b"));
    auto& old = r.last();
    old.control.send_close(1001, "");
    r.until([&] { return r.peers.size() == 2; });
    BOOST_TEST(count(old.received, "speak") == 2u);

    r.send(speak_event("b", "here"));
    r.send(speak_event("a", "here"));
    BOOST_TEST(count(r.last().received, "speak") == 4u);  // each also hears of its gap
    BOOST_TEST(nth(r.last().received, "speak", 0).session_id == "b");
    BOOST_TEST(nth(r.last().received, "speak", 2).session_id == "a");
}

BOOST_AUTO_TEST_CASE(F18_the_newest_of_two_live_connections_wins)
{
    // Two clients would be two processes; within one, two connections meet in one dispatcher.
    echo_bot r;
    r.send(start("a"));
    simulator::stream_pair second(r.io.get_executor(), r.time);
    connection_options options;
    const auto other =
        std::make_shared<connection>(std::move(second.near), r.loop->home(), r.time, options, "2");
    bool ended = false;
    asio::co_spawn(r.io, other->run(), [&](std::exception_ptr, connection_end) { ended = true; });
    const auto text = speak_event("a", "moved");
    const outgoing_message message{outgoing_message::text, text};
    asio::co_spawn(r.io, second.far->write({&message, 1}),
                   [](std::exception_ptr, const write_result&) {});
    r.settle();
    BOOST_TEST(r.bot->journal == (words{"start", "moved"}));
    BOOST_TEST(count(r.last().received, "speak") == 1u);
    BOOST_TEST(second.near_control.texts_written() == 1u);
    BOOST_TEST(r.stats().gaps == 0u);

    // The old connection's end does not touch the session that has left it.
    r.last().control.reset();
    r.run(20s);
    BOOST_TEST(r.bot->ends.empty());
    BOOST_TEST(r.stats().gaps == 0u);
    other->abort();
    r.run(1s);
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(F02_a_lost_connection_is_one_gap_and_one_reconnect)
{
    echo_bot r;
    r.send(start("a"));
    const auto lost = r.time.now();
    r.last().control.reset();
    BOOST_TEST(r.until([&] { return r.peers.size() == 2; }));
    BOOST_TEST((r.time.now() - lost <= 1s));  // the first retry comes within a second
    const auto& call = r.bot->sessions.at(0);
    BOOST_TEST((session(call).send(hangup{}).error().code == errc::no_connection));

    r.run(5s);
    r.send(speak_event("a", "back"));
    BOOST_TEST(r.bot->journal == (words{"start", "gap", "back"}));
    BOOST_TEST((r.bot->gaps.at(0).from == lost));
    BOOST_TEST((r.bot->gaps.at(0).to == r.time.now()));
    BOOST_TEST(r.attempts == 2u);
}

BOOST_AUTO_TEST_CASE(sessions_of_a_lost_connection_end_after_the_grace_period)
{
    echo_bot r;
    r.send(start("a"));
    r.last().control.reset();
    r.run(29s);
    BOOST_TEST(r.bot->ends.empty());
    r.run(2s);
    BOOST_TEST(r.bot->ends.size() == 1u);
    BOOST_TEST((r.bot->ends.at(0).cause == end_cause::connection_lost));
    BOOST_TEST(r.bot->alive == 0);
    BOOST_TEST(r.stats().lost_sessions == 1u);
}

BOOST_AUTO_TEST_CASE(a_session_without_events_expires)
{
    echo_bot r;
    r.send(start("a"));
    r.run(5h);
    r.send(speak_event("a", "still here"));
    r.run(5h);
    BOOST_TEST(r.bot->ends.empty());
    r.run(61min);
    BOOST_TEST(r.bot->ends.size() == 1u);
    BOOST_TEST((r.bot->ends.at(0).cause == end_cause::expired));
}

BOOST_AUTO_TEST_CASE(further_sessions_than_allowed_are_refused)
{
    client_options o;
    o.sessions.max_sessions = 2;
    echo_bot r(o);
    for (const char* id : {"a", "b", "c"})
        r.send(start(id));
    BOOST_TEST(r.bot->alive == 2);
    BOOST_TEST(r.logged("session.too_many"));
    r.send(plain("session_end", "a"));
    r.send(start("d"));
    BOOST_TEST(r.bot->alive == 2);
    BOOST_TEST(r.bot->sessions.back().id() == "d");
}

BOOST_AUTO_TEST_SUITE_END()
