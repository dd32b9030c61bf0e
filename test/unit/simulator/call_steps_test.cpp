#include "play_fixture.hpp"

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

using lines = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(call_steps_suite, play_fixture)

BOOST_AUTO_TEST_CASE(each_step_of_the_caller_sends_its_events)
{
    play(R"(
        [[calls]]
        steps = [
            { speech_started = true },
            { say = "Hello" },
            { say = "Wait", barged_in = true },
            { press = "4#" },
            { timeout = true },
            { raw = '{"type":"brand_new","session":{"id":"$session"}}' },
            { raw = 'no json' },
            { resume = true },
            { hang_up = true, reason = "tired" },
        ]
    )");
    test_bot& bot = connect();
    BOOST_TEST(finish());
    BOOST_TEST(bot.heard == (lines{"session_start", "user_speech_started", "user_speak Hello",
                                   "user_speak Wait (barged in)", "dtmf_received 4",
                                   "dtmf_received #", "user_input_timeout", "brand_new", "no json",
                                   "session_start", "session_end tired"}),
               boost::test_tools::per_element());
    BOOST_TEST(bot.sessions.front().from_phone_number == "4915112345678");
    BOOST_TEST(bot.sessions.front().direction == "inbound");
    for (const session_info& s : bot.sessions)
        BOOST_TEST(s.id == bot.sessions.front().id);
    BOOST_TEST(failures() == lines{}, boost::test_tools::per_element());
    BOOST_TEST(bot.ended->close_code == 1000);
}

BOOST_AUTO_TEST_CASE(a_call_without_hang_up_is_hung_up_when_its_steps_are_over)
{
    play("[[calls]]\nsteps = [{ wait = \"1.5s\" }]");
    test_bot& bot = connect();
    pass(1499ms);
    BOOST_TEST(bot.heard == lines{"session_start"}, boost::test_tools::per_element());
    pass(1ms);
    BOOST_TEST(bot.heard.back() == "session_end");
    BOOST_TEST(finish());
}

BOOST_AUTO_TEST_CASE(speed_divides_waits_but_not_what_a_bot_is_given)
{
    play(R"(
        [[calls]]
        steps = [{ wait = "10s" }, { expect = "speak", within = "4s" }]
    )",
         10.0);
    connect();
    pass(1s);
    pass(3999ms);
    BOOST_TEST(!over);
    pass(1ms);
    BOOST_TEST(over);
}

BOOST_AUTO_TEST_CASE(an_expected_action_may_have_come_before_and_each_counts_once)
{
    play(R"(
        [[calls]]
        steps = [
            { wait = "1s" },
            { expect = "send_sms", text = "CODE", to = "caller" },
            { expect = "speak" },
            { expect = "speak", within = "2s" },
        ]
    )");
    test_bot& bot = connect();
    act(bot, speak{"Hello"});
    act(bot, sms_to("4915112345678", "Your code is 1"));
    BOOST_TEST(finish());
    BOOST_TEST(failures() == lines{"`speak` within 2s: it did not come; nothing came"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_action_that_differs_is_not_the_expected_one)
{
    play(R"(
        [[calls]]
        steps = [
            { expect = "send_sms", text = "code", to = "caller", within = "3s" },
        ]
    )");
    test_bot& bot = connect();
    act(bot, sms_to("4915112345679", "Your code is 1"));
    act(bot, sms_to("4915112345678", "Good day"));
    act(bot, speak{"code"});
    BOOST_TEST(finish());
    BOOST_TEST(failures() == lines{"`send_sms` to the caller with \"code\" within 3s: it did not "
                                   "come; what came was `send_sms`, `send_sms`, `speak`"},
               boost::test_tools::per_element());
    BOOST_TEST(!record().all_held());
}

BOOST_AUTO_TEST_CASE(expect_no_fails_at_once_and_looks_only_at_its_own_time)
{
    play(R"(
        [[calls]]
        steps = [
            { wait = "1s" },
            { expect_no = "speak", within = "2s" },
            { expect_no = "speak", within = "5s" },
        ]
    )");
    test_bot& bot = connect();
    act(bot, speak{"early"});
    pass(4s);
    BOOST_TEST(failures() == lines{}, boost::test_tools::per_element());
    act(bot, speak{"here"});
    BOOST_TEST(failures() == lines{"no `speak` within 5s: one came"},
               boost::test_tools::per_element());
    BOOST_TEST(over);
}

BOOST_AUTO_TEST_CASE(a_hangup_of_the_bot_ends_the_call_and_what_the_caller_had_to_say)
{
    play(R"(
        [[calls]]
        steps = [
            { expect = "hangup" },
            { say = "unheard" },
            { expect = "speak" },
            { expect_no = "send_sms", within = "1s" },
        ]
    )");
    test_bot& bot = connect();
    act(bot, hangup{});
    BOOST_TEST(bot.heard == (lines{"session_start", "session_end"}),
               boost::test_tools::per_element());
    act(bot, sms_to("4915112345678", "late"));
    BOOST_TEST(finish());
    BOOST_TEST(failures() ==
                   (lines{"`speak` within 5s: the call was over before it came; nothing came",
                          "no `send_sms` within 1s: one came"}),
               boost::test_tools::per_element());
    BOOST_TEST(record().late_actions == 1u);
    BOOST_TEST(record().sends.front().late);
    BOOST_TEST((record().calls.front().outcome == simulator::call_outcome::bot_hung_up));
}

BOOST_AUTO_TEST_SUITE_END()
