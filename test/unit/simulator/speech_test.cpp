#include "play_fixture.hpp"

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

using lines = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(speech_suite, play_fixture)

BOOST_AUTO_TEST_CASE(speech_takes_its_time_and_a_second_one_waits)
{
    play(R"(
        speech = { characters_per_second = 10.0 }
        [[calls]]
        steps = [{ wait = "1m" }]
    )");
    test_bot& bot = connect();
    act(bot, speak{"0123456789"});
    act(bot, speak{"äöüäö"});
    BOOST_TEST(bot.heard.back() == "assistant_speak 0123456789");
    pass(999ms);
    BOOST_TEST(bot.heard.size() == 2u);
    pass(1ms);
    BOOST_TEST(bot.heard == (lines{"session_start", "assistant_speak 0123456789",
                                   "assistant_speech_ended", "assistant_speak äöüäö"}),
               boost::test_tools::per_element());
    pass(500ms);
    BOOST_TEST(bot.heard.back() == "assistant_speech_ended");
}

BOOST_AUTO_TEST_CASE(markup_is_not_spoken)
{
    play(R"(
        speech = { characters_per_second = 10.0, assistant_speak = false }
        [[calls]]
        steps = [{ wait = "1m" }]
    )");
    test_bot& bot = connect();
    speak s;
    s.ssml = "<speak version=\"1.0\">01234</speak>";
    act(bot, s);
    pass(499ms);
    BOOST_TEST(bot.heard.size() == 1u);
    pass(1ms);
    BOOST_TEST(bot.heard.back() == "assistant_speech_ended");
}

BOOST_AUTO_TEST_CASE(barging_in_stops_the_speech)
{
    play(R"(
        [[calls]]
        steps = [{ wait = "1s" }, { say = "Stop", barged_in = true }, { wait = "1m" }]
    )");
    test_bot& bot = connect();
    act(bot, speak{std::string(150, 'x')});
    pass(30s);
    BOOST_TEST(bot.heard.back() == "user_speak Stop (barged in)");
    act(bot, speak{std::string(150, 'y')});
    act(bot, barge_in{});
    pass(20s);
    BOOST_TEST(bot.heard.size() == 4u, "the second speech began, and did not end");
}

BOOST_AUTO_TEST_CASE(a_transfer_that_succeeds_ends_the_call_without_a_word)
{
    play(R"(
        [[calls]]
        steps = [{ expect = "transfer", to = "4930123456" }, { say = "unheard" }]
    )");
    test_bot& bot = connect();
    act(bot, transfer{*phone_number::parse("4930123456"), "Desk", "4930123450", 30});
    BOOST_TEST(finish());
    BOOST_TEST(bot.heard == lines{"session_start"}, boost::test_tools::per_element());
    BOOST_TEST((record().calls.front().outcome == simulator::call_outcome::transferred));
    BOOST_TEST(record().all_held());
}

BOOST_AUTO_TEST_CASE(a_transfer_that_fails_comes_back_when_it_had_a_timeout)
{
    play(R"(
        [[calls]]
        transfer = "fails"
        transfer_after = "3s"
        steps = [{ expect = "transfer" }, { say = "Hello again" }]
    )");
    test_bot& bot = connect();
    act(bot, transfer{*phone_number::parse("4930123456"), "Desk", "4930123450", 30});
    pass(2999ms);
    BOOST_TEST(bot.heard.size() == 1u);
    pass(1ms);
    BOOST_TEST(bot.heard == (lines{"session_start", "session_start", "user_speak Hello again",
                                   "session_end"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_transfer_that_fails_without_a_timeout_ends_the_call)
{
    play(R"(
        [[calls]]
        transfer = "fails"
        steps = [{ expect = "transfer" }, { say = "unheard" }]
    )");
    test_bot& bot = connect();
    act(bot, transfer{*phone_number::parse("4930123456"), "Desk", "4930123450", std::nullopt});
    BOOST_TEST(finish());
    BOOST_TEST(bot.heard == (lines{"session_start", "session_end"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
