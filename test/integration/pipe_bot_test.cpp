#include "pipe_rig.hpp"
#include "scripted_handler.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace aiflow;
using namespace aiflow::test;

namespace {

/// Answers each event that matches by a line, in which \1 is the id of the session.
std::string answer(const std::string& type, const std::string& line)
{
    return "/\"type\":\"" + type + "\"/s/.*\"session\":{\"id\":\"\\([^\"]*\\)\".*/" + line + "/p;";
}

std::string say(const std::string& text)
{
    return R"({"type":"speak","session_id":"\1","text":")" + text + "\"}";
}

std::string sed(const std::string& commands)
{
    return "exec sed -un '" + commands + "'";
}

std::vector<std::string> texts(const std::vector<std::string>& messages)
{
    std::vector<std::string> result;
    for (const auto& m : messages)
        for (const auto& a : decode_actions(m).value())
            if (const auto* s = std::get_if<speak>(&a.action))
                result.push_back(s->text);
    return result;
}

const std::string sms = R"({"type":"send_sms","session_id":"\1","phone_number":"4915112345678",)"
                        R"("message":"code 4242"})";

const std::string sms_too_long =
    R"({"type":"send_sms","session_id":"\1","phone_number":"4915112345678","message":")" +
    std::string(2000, 'x') + R"("})";

}  // namespace

BOOST_AUTO_TEST_SUITE(pipe_bot_suite)

BOOST_FIXTURE_TEST_CASE(the_example_answers_a_call, pipe_rig)
{
    run({"/usr/bin/python3", AIFLOW_PIPE_EXAMPLE});
    send(start("a"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(texts(messages).at(0) == "Hello. Shall I text you the code?");
    send(speak_event("a", "yes, the Code"));
    BOOST_TEST_REQUIRE(received(3));
    const auto text = std::get<send_sms>(nth(messages, "send_sms").action);
    BOOST_TEST(text.phone_number.digits() == "4915112345678");
    BOOST_TEST(texts(messages).at(1) == "It is on its way.");
    send(failed_event("a", "4915112345678", "sender_not_allowed"));
    BOOST_TEST_REQUIRE(received(4));
    BOOST_TEST(texts(messages).at(2) == "I am sorry, I could not send it.");

    const auto health = bot->health();
    BOOST_TEST(health.ready);
    BOOST_TEST(health.text == "");
    BOOST_TEST(health.answers == 4U);
    BOOST_TEST(health.bad_answers == 0U);
    BOOST_TEST(env.calls.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(an_sms_that_is_refused_comes_back, pipe_rig)
{
    run_shell(sed(answer("user_speak", sms_too_long) + answer("sms_failed", say("sorry"))));
    send(speak_event("a", "x"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(texts(messages).at(0) == "sorry");
    BOOST_TEST(logged("bot.refused") == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_bot_that_answers_refusals_by_sms_does_not_go_on_for_ever, pipe_rig)
{
    run_shell(sed(answer("user_speak", sms_too_long) + answer("sms_failed", sms_too_long) +
                  answer("session_start", say("hello"))));
    for (const std::uint64_t answers : {4U, 8U}) {
        send(speak_event("a", "x"));
        BOOST_TEST_REQUIRE(until([&] { return bot->health().answers >= answers; }));
    }
    // Whatever is behind it in the pipes would be counted when this comes.
    send(start("a"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(bot->health().answers == 9U);
    BOOST_TEST(logged("bot.refused") == 8U);
}

BOOST_FIXTURE_TEST_CASE(a_bot_that_is_refused_all_the_time_does_not_fill_the_log, pipe_rig)
{
    run_shell(sed(answer("user_speak", sms_too_long) + answer("session_start", say("hello"))));
    for (int i = 0; i < 15; ++i)
        send(speak_event("a", "x"));
    // Comes behind all of them.
    send(start("a"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(bot->health().answers == 16U);
    BOOST_TEST(logged("bot.refused") == 10U);
}

BOOST_FIXTURE_TEST_CASE(a_child_that_ends_in_a_call_is_made_up_for, pipe_rig)
{
    run_shell("while read -r line; do case $line in *die*) exit 1;; *) echo \"$line\" | " +
              sed(answer("user_speak", say("fine"))).substr(5) + ";; esac; done");
    send(speak_event("a", "hello"));
    send(speak_event("b", "hello"));
    BOOST_TEST_REQUIRE(received(2));
    send(speak_event("a", "die"));
    // What was asked last was not answered: the caller hears something all the same.
    BOOST_TEST_REQUIRE(received(3));
    BOOST_TEST(texts(messages).back() == "One moment please.");
    BOOST_TEST(nth(messages, "speak", 2).session_id == "a");
    BOOST_TEST(!bot->health().ready);
    // Its pipes may have been seen to close before its end was.
    BOOST_TEST_REQUIRE(until([this] { return bot->health().failures == 1U; }));
    BOOST_TEST(bot->health().text.starts_with("the child exited with 1; again in"));

    send(speak_event("a", "still there?"));
    BOOST_TEST(messages.size() == 3U);  // once is enough
    send(speak_event("b", "hello?"));
    BOOST_TEST_REQUIRE(received(4));
    BOOST_TEST(nth(messages, "speak", 3).session_id == "b");
    send(plain("session_end", "b"));

    time.advance(1s);
    BOOST_TEST_REQUIRE(until([this] { return bot->health().ready; }));
    send(speak_event("a", "hello"));
    BOOST_TEST_REQUIRE(received(5));
    BOOST_TEST(texts(messages).back() == "fine");
    BOOST_TEST(bot->health().failures == 1U);
    send(speak_event("a", "die"));
    BOOST_TEST_REQUIRE(received(6));
    BOOST_TEST(texts(messages).back() == "One moment please.");
}

BOOST_FIXTURE_TEST_CASE(a_child_that_says_nothing_more_is_told_of_as_that, pipe_rig)
{
    run_shell("read -r line; exec >&-; exec sleep 60");
    send(speak_event("a", "hello"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(texts(messages).back() == "One moment please.");
    BOOST_TEST(bot->health().text == "the child has closed its stdout, and is given time to end");
    BOOST_TEST(bot->health().failures == 0U);
    time.advance(config.pipe.stop_timeout);
    BOOST_TEST_REQUIRE(until([this] { return bot->health().failures == 1U; }));
    BOOST_TEST(bot->health().text.starts_with("the child was killed by SIG"));
}

BOOST_FIXTURE_TEST_CASE(a_bot_that_is_not_there_is_apologised_for, pipe_rig)
{
    run({"/no/such/bot"});
    BOOST_TEST(!bot->health().ready);
    send(start("a"));
    send(plain("assistant_speech_ended", "a"));
    send(plain("session_end", "b"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(messages.size() == 1U);
    BOOST_TEST(texts(messages).back() == "One moment please.");
}

BOOST_FIXTURE_TEST_CASE(actions_for_a_call_that_is_over_are_counted, pipe_rig)
{
    run_shell(sed(answer("session_start", say("hello")) + answer("session_end", say("bye")) +
                  answer("user_speak", R"({"type":"hangup","session_id":"another"})")));
    send(start("a"));
    BOOST_TEST_REQUIRE(received(1));
    send(speak_event("a", "x"));
    send(plain("session_end", "a"));
    BOOST_TEST_REQUIRE(until([this] { return bot->health().answers == 3; }));
    BOOST_TEST(messages.size() == 1U);
    BOOST_TEST(logged("pipe.no_session") == 2U);
    BOOST_TEST(logged("bot.refused") == 0U);
}

BOOST_FIXTURE_TEST_CASE(rubbish_between_answers_does_no_harm, pipe_rig)
{
    run_shell(sed(answer("user_speak", "rubbish") + answer("session_start", say("hello"))));
    send(speak_event("a", "x"));
    send(start("a"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(bot->health().bad_answers == 1U);
    BOOST_TEST(logged("pipe.bad_line") == 1U);
}

BOOST_FIXTURE_TEST_CASE(the_actions_of_a_call_stay_in_order_and_others_do_not_wait, pipe_rig)
{
    run_shell(sed(answer("user_speak", "[" + sms + "," + say("sent") + "]") +
                  answer("session_start", say("hello"))));
    store.stands_still = true;
    send(speak_event("a", "x"));
    BOOST_TEST_REQUIRE(until([this] { return bot->health().answers == 1; }));
    send(start("a"));
    send(start("b"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST_REQUIRE(until([this] { return bot->health().answers == 3; }));
    settle(io);
    BOOST_TEST(messages.size() == 1U);
    BOOST_TEST(nth(messages, "speak").session_id == "b");

    store.stands_still = false;
    time.advance(100ms);
    BOOST_TEST_REQUIRE(received(4));
    BOOST_TEST(messages[1].find("send_sms") != std::string::npos);
    const std::vector<std::string> expected{"hello", "sent", "hello"};
    BOOST_TEST(texts(messages) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(what_the_child_does_not_read_is_held_back_and_not_lost, pipe_rig)
{
    const auto go =
        std::filesystem::temp_directory_path() / ("aiflow-pipe-" + std::to_string(::getpid()));
    run_shell("while ! [ -e " + go.string() + " ]; do sleep 0.05; done; " +
              sed(R"~(s/.*"text":"x*\([0-9]*\)".*"session":{"id":"\([^"]*\)".*/)~"
                  R"({"type":"speak","session_id":"\2","text":"\1"}/p)"));
    constexpr int events = 1000;
    const std::string padding(2000, 'x');
    for (int i = 0; i < events; ++i)
        send(speak_event("a", padding + std::to_string(i)));
    const auto health = bot->health();
    BOOST_TEST(health.ready);
    BOOST_TEST((health.waiting >= 256 && health.waiting <= 257), health.waiting);

    std::ofstream(go.string()).put('\n');
    BOOST_TEST(received(events));
    std::filesystem::remove(go);
    const auto said = texts(messages);
    BOOST_TEST_REQUIRE(said.size() == static_cast<std::size_t>(events));
    for (int i = 0; i < events; ++i)
        BOOST_TEST_REQUIRE(said[static_cast<std::size_t>(i)] == std::to_string(i));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_event_of_several_lines_is_one, pipe_rig)
{
    run_shell(sed(R"~(s/^.*"type": "news".*"id": "\([^"]*\)".*$/)~" + say("one line") + "/p"));
    send("{\n  \"type\": \"news\",\n  \"session\": {\"id\": \"a\"}\r\n}");
    BOOST_TEST_REQUIRE(received(1));
}

BOOST_FIXTURE_TEST_CASE(the_start_of_speech_is_told_at_once, pipe_rig)
{
    run_shell(sed(answer("user_speech_started", say("heard"))));
    send(plain("user_speech_started", "a"));
    BOOST_TEST_REQUIRE(received(1));
    BOOST_TEST(bot->speech_starts_dropped() == 0U);
}

BOOST_FIXTURE_TEST_CASE(but_only_while_there_is_room, pipe_rig)
{
    run_shell("exec sleep 1000");
    // Fewer than would pause the connection: the pipe and the queue are full, the session is not.
    const std::string padding(2000, 'x');
    for (int i = 0; i < 400; ++i)
        send(speak_event("a", padding));
    BOOST_TEST(bot->health().waiting == line_queue::max_lines + 1);
    send(plain("user_speech_started", "b"));
    BOOST_TEST(bot->speech_starts_dropped() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_reload_with_another_command_replaces_the_child, pipe_rig)
{
    run_shell(sed(answer("user_speak", say("old"))));
    send(speak_event("a", "x"));
    BOOST_TEST_REQUIRE(received(1));
    config.pipe.command.back() = sed(answer("user_speak", say("new")));
    BOOST_TEST(!bot->reload(config));
    send(speak_event("a", "x"));
    BOOST_TEST_REQUIRE(received(2));
    send(speak_event("a", "x"));
    BOOST_TEST_REQUIRE(received(3));
    BOOST_TEST(texts(messages).back() == "new");
    BOOST_TEST(logged("pipe.started") == 2U);
    BOOST_TEST(bot->health().failures == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
