// The events of a call come in order, one at a time; calls do not wait for each other.
#include "rig.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <stdexcept>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using words = std::vector<std::string>;

// Handling of these texts takes virtual time.
asio::awaitable<void> slow(manual_clock* time, scripted_handler& h, std::string what)
{
    if (what == "slow")
        co_await time->sleep_until(time->now() + 3s);
    if (what == "throw")
        throw std::runtime_error("no such luck");
    co_await h.say("after " + what);
}

struct slow_bot : rig {
    explicit slow_bot(client_options o = {}) : rig(std::move(o))
    {
        bot->on_event = [this](scripted_handler& h, std::string what) {
            return slow(&time, h, std::move(what));
        };
        rig::start();
    }
};

std::vector<std::string> spoken(const peer& p)
{
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count(p.received, "speak"); ++i)
        texts.push_back(std::get<speak>(nth(p.received, "speak", i).action).text);
    return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(order)

BOOST_AUTO_TEST_CASE(an_event_is_answered_on_its_connection)
{
    slow_bot r;
    r.send(start("a"));
    BOOST_TEST(r.bot->journal == (words{"start"}));
    BOOST_TEST(spoken(r.last()) == (words{"after start"}));
    BOOST_TEST(nth(r.last().received, "speak").session_id == "a");
}

BOOST_AUTO_TEST_CASE(events_of_one_session_wait_for_each_other)
{
    slow_bot r;
    r.send(start("a"));
    r.send(speak_event("a", "slow"));
    r.send(speak_event("a", "quick"));
    BOOST_TEST(r.bot->journal == (words{"start", "slow"}));
    r.run(3s);
    BOOST_TEST(r.bot->journal == (words{"start", "slow", "quick"}));
    BOOST_TEST(spoken(r.last()) == (words{"after start", "after slow", "after quick"}));
}

BOOST_AUTO_TEST_CASE(sessions_do_not_wait_for_each_other)
{
    slow_bot r;
    r.send(speak_event("a", "slow"));
    r.send(speak_event("b", "quick"));
    BOOST_TEST(r.bot->journal == (words{"slow", "quick"}));
    BOOST_TEST(spoken(r.last()) == (words{"after quick"}));
    r.run(3s);
    BOOST_TEST(spoken(r.last()) == (words{"after quick", "after slow"}));
}

BOOST_AUTO_TEST_CASE(an_array_of_events_is_handled_in_order)
{
    slow_bot r;
    r.send("[" + start("a") + "," + speak_event("a", "one") + ",7," + speak_event("a", "two") +
           "]");
    BOOST_TEST(r.bot->journal == (words{"start", "one", "two"}));
    BOOST_TEST(r.loop->home().snapshot().dropped_events == 1u);
}

BOOST_AUTO_TEST_CASE(a_caller_who_barges_in_cancels_the_answer_that_is_prepared)
{
    slow_bot r;
    r.send(start("a"));
    r.send(speak_event("a", "slow"));
    r.send(speak_event("a", "wait", true));
    BOOST_TEST(r.bot->journal == (words{"start", "slow", "wait"}));
    r.run(10s);
    BOOST_TEST(spoken(r.last()) == (words{"after start", "after wait"}));
    BOOST_TEST(r.loop->home().snapshot().interruptions == 1u);
    BOOST_TEST(r.loop->home().snapshot().handler_errors == 0u);
}

BOOST_AUTO_TEST_CASE(the_legacy_barge_in_cancels_too)
{
    slow_bot r;
    r.send(speak_event("a", "slow"));
    r.send(plain("user_barge_in", "a"));
    BOOST_TEST(r.bot->journal == (words{"slow", "barge in"}));
}

BOOST_AUTO_TEST_CASE(barge_in_may_be_told_not_to_cancel)
{
    client_options o;
    o.sessions.interrupt = interruption::session_end;
    slow_bot r(o);
    r.send(speak_event("a", "slow"));
    r.send(speak_event("a", "wait", true));
    BOOST_TEST(r.bot->journal == (words{"slow"}));
    r.send(plain("session_end", "a"));
    BOOST_TEST(r.bot->journal == (words{"slow", "wait", "end service"}));
}

BOOST_AUTO_TEST_CASE(an_interruption_leaves_the_next_event_alone)
{
    slow_bot r;
    r.send(speak_event("a", "slow"));
    r.send(speak_event("a", "slow", true));
    r.run(3s);
    BOOST_TEST(spoken(r.last()) == (words{"after slow"}));
}

BOOST_AUTO_TEST_CASE(the_start_of_speech_is_told_at_once)
{
    slow_bot r;
    r.send(speak_event("a", "slow"));
    r.send(plain("user_speech_started", "a"));
    BOOST_TEST(r.bot->journal == (words{"slow", "speech started"}));
    BOOST_TEST(r.last().received.empty());  // T13: nothing answers it
}

BOOST_AUTO_TEST_CASE(a_slow_answer_is_counted_and_logged_once)
{
    slow_bot r;
    r.send(speak_event("a", "slow"));
    r.run(3s);
    r.send(speak_event("a", "slow"));
    r.run(3s);
    BOOST_TEST(r.loop->home().snapshot().slow_answers == 2u);
    const auto lines = std::count_if(r.log.begin(), r.log.end(), [](const std::string& line) {
        return line.starts_with("session.slow");
    });
    BOOST_TEST(lines == 1);
}

BOOST_AUTO_TEST_CASE(an_exception_ends_one_handler_and_nothing_else)
{
    slow_bot r;
    r.send(start("a"));
    r.send(start("b"));
    r.send(speak_event("a", "throw"));
    BOOST_TEST(r.logged("session.handler_failed: an exception ended the handler of this session"));
    BOOST_TEST(r.bot->alive == 1);
    r.send(speak_event("a", "still there?"));
    r.send(speak_event("b", "and you?"));
    BOOST_TEST(r.bot->journal == (words{"start", "start", "throw", "and you?"}));
    BOOST_TEST(r.peers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_exception_says_is_logged_and_names_the_event)
{
    slow_bot r;
    r.send(speak_event("a", "throw"));
    BOOST_TEST(r.log.back().find("event=user_speak") != std::string::npos);
    BOOST_TEST(r.log.back().find("error=no such luck") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
