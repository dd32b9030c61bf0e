#include "play_fixture.hpp"

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

using lines = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(sms_answers_suite, play_fixture)

BOOST_AUTO_TEST_CASE(answers_are_met_in_order_and_then_the_rest)
{
    play(R"(
        [sms]
        answers = [
            { answer = "smsc_unavailable", after = "400ms", sends = 2 },
            { answer = "accepted" },
            { reason = "quota_exceeded", message = "limit 7", recipient = "" },
            { answer = "unknown", recipient = "+4915112345678", copies = 2 },
            { raw = '{"type":"sms_failed","session":{"id":"$session"},"recipient":"$recipient"}' },
        ]
        otherwise = { answer = "no_sms_extension" }
        [[calls]]
        steps = [{ wait = "1m" }]
    )");
    test_bot& bot = connect();
    const auto send_one = [&] {
        bot.heard.clear();
        act(bot, sms_to("4915112345678", "Hi"));
    };
    send_one();
    BOOST_TEST(bot.heard.empty());
    pass(399ms);
    BOOST_TEST(bot.heard.empty());
    pass(1ms);
    BOOST_TEST(bot.heard == lines{"sms_failed smsc_unavailable 4915112345678"},
               boost::test_tools::per_element());
    send_one();
    pass(400ms);
    BOOST_TEST(bot.heard == lines{"sms_failed smsc_unavailable 4915112345678"},
               boost::test_tools::per_element());
    send_one();
    pass(1s);
    BOOST_TEST(bot.heard.empty());
    send_one();
    BOOST_TEST(bot.heard == lines{"sms_failed quota_exceeded limit 7"},
               boost::test_tools::per_element());
    send_one();
    BOOST_TEST(bot.heard == (lines{"sms_failed unknown +4915112345678",
                                   "sms_failed unknown +4915112345678"}),
               boost::test_tools::per_element());
    send_one();
    BOOST_TEST(bot.heard == lines{"sms_failed  4915112345678"}, boost::test_tools::per_element());
    send_one();
    BOOST_TEST(bot.heard == lines{"sms_failed no_sms_extension 4915112345678"},
               boost::test_tools::per_element());
    lines answers;
    for (const simulator::sms_record& s : record().sends)
        answers.push_back(std::to_string(s.attempt) + " " + s.answer);
    BOOST_TEST(answers == (lines{"1 smsc_unavailable", "2 smsc_unavailable", "3 accepted",
                                 "4 quota_exceeded", "5 unknown", "6 raw", "7 no_sms_extension"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_call_with_answers_of_its_own_leaves_the_common_ones_alone)
{
    play(R"(
        sms = { answers = [{ answer = "sender_not_allowed" }] }
        [[calls]]
        sms = { answers = [{ answer = "insufficient_balance" }] }
        steps = [{ wait = "10s" }]
        [[calls]]
        start = "1s"
        steps = [{ wait = "10s" }]
    )");
    test_bot& bot = connect();
    act(bot, sms_to("4915112345678", "Hi"));
    BOOST_TEST(bot.heard.back() == "sms_failed insufficient_balance 4915112345678");
    pass(1s);
    act(bot, sms_to("4915112345678", "Hi"));
    BOOST_TEST(bot.heard.back() == "sms_failed sender_not_allowed 4915112345678");
    BOOST_TEST(record().sends.back().attempt == 1u, "another session, another message");
}

BOOST_AUTO_TEST_CASE(a_failure_may_come_after_the_call)
{
    play(R"(
        sms = { otherwise = { answer = "smsc_unavailable", after = "5s" } }
        [[calls]]
        steps = [{ expect = "send_sms" }, { hang_up = true }]
    )");
    test_bot& bot = connect();
    act(bot, sms_to("4915112345678", "Hi"));
    BOOST_TEST(bot.heard.back() == "session_end");
    pass(5s);
    BOOST_TEST(bot.heard.back() == "sms_failed smsc_unavailable 4915112345678");
    BOOST_TEST(over);
}

BOOST_AUTO_TEST_CASE(what_comes_after_the_end_meets_no_answer)
{
    play(R"(
        linger = "10s"
        sms = { otherwise = { answer = "smsc_unavailable" } }
        [[calls]]
        steps = [{ hang_up = true }]
        [expect]
        late_actions = 0
    )");
    test_bot& bot = connect();
    act(bot, sms_to("4915112345678", "Hi"));
    BOOST_TEST(bot.heard.back() == "session_end");
    BOOST_TEST(finish());
    BOOST_TEST(record().sends.front().answer == "none");
    BOOST_TEST(failures() == lines{"0 late actions expected, but there were 1"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
