#include "play_fixture.hpp"

#include <set>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

using lines = std::vector<std::string>;

namespace {

// Answers as a bot that sends the code to whoever asks for it.
void send_the_code(test_bot& bot, const incoming_event& e)
{
    if (!std::holds_alternative<user_speak>(e.event))
        return;
    std::string text;
    encode(text, e.session.id, sms_to(e.session.human()->digits(), "Your code is 1"));
    bot.to_send.push_back(std::move(text));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal_suite, play_fixture)

BOOST_AUTO_TEST_CASE(many_calls_are_played_at_once_each_with_its_own_number)
{
    play(R"(
        [[calls]]
        count = 200
        every = "10ms"
        from = "4915112340000"
        steps = [
            { say = "code" },
            { expect = "send_sms", to = "caller", within = "1s" },
            { wait = "5s" },
        ]
        [expect]
        sms_frames = 200
        [[expect.sms]]
        to = "caller"
        frames = 1
    )");
    test_bot& bot = connect(send_the_code);
    BOOST_TEST(finish());
    BOOST_TEST(failures() == lines{}, boost::test_tools::per_element());
    std::set<std::string> ids;
    std::set<std::string> numbers;
    for (const session_info& s : bot.sessions) {
        ids.insert(s.id);
        numbers.insert(s.from_phone_number);
    }
    BOOST_TEST(ids.size() == 200u);
    BOOST_TEST(*numbers.begin() == "4915112340000");
    BOOST_TEST(*numbers.rbegin() == "4915112340199");
    BOOST_TEST(record().events == 600u);
    BOOST_TEST(record().actions == 200u);
    BOOST_TEST(record().frames.size() == 800u);
}

BOOST_AUTO_TEST_CASE(every_message_is_kept_with_its_time_direction_and_session)
{
    play("[[calls]]\nsteps = [{ wait = \"2s\" }]");
    const auto zero = time.now();
    test_bot& bot = connect();
    pass(1s);
    act(bot, hangup{});
    BOOST_TEST(finish());
    const auto& frames = record().frames;
    BOOST_TEST_REQUIRE(frames.size() == 3u);
    BOOST_TEST(frames[0].to_bot);
    BOOST_TEST((frames[0].at == zero));
    BOOST_TEST(frames[0].text.find("session_start") != std::string::npos);
    BOOST_TEST(!frames[1].to_bot);
    BOOST_TEST((frames[1].at == zero + 1s));
    BOOST_TEST(frames[1].session == bot.sessions.front().id);
    BOOST_TEST(frames[1].call == 1u);
    BOOST_TEST(frames[1].text.find("hangup") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(messages_that_are_no_valid_actions_are_counted_and_nothing_else)
{
    play("[[calls]]\nsteps = [{ wait = \"1s\" }]\n[expect]\ninvalid_actions = 5");
    test_bot& bot = connect();
    send(bot, "no json");
    send(bot, R"({"success":true})");
    send(bot, R"({"type":"speak","session_id":"nobody","text":"x"})");
    send(bot, R"({"type":"speak","session_id":"nobody"})");
    bot.pair.near_control.send_binary("x");
    send(bot, "[]");
    BOOST_TEST(finish());
    BOOST_TEST(record().invalid_actions == 5u);
    BOOST_TEST(record().actions == 0u);
    BOOST_TEST(record().all_held());
}

BOOST_AUTO_TEST_CASE(an_invalid_message_fails_a_scenario_that_says_nothing_about_it)
{
    play("[[calls]]\nsteps = [{ wait = \"1s\" }]");
    send(connect(), "no json");
    BOOST_TEST(finish());
    BOOST_TEST(failures() == lines{"0 invalid messages expected, but there were 1"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_expectation_at_the_end_can_fail)
{
    play(R"(
        [[calls]]
        steps = [{ expect = "send_sms" }]
        [expect]
        calls_finished = 2
        sms_frames = 3
        connections = 2
        late_actions = 1
        [[expect.sms]]
        to = "caller"
        min = 2
        [[expect.sms]]
        to = "4930123456"
        frames = 1
        [[expect.sms]]
        min = 2
        max = 3
    )");
    act(connect(), sms_to("4915112345678", "x"));
    BOOST_TEST(finish());
    BOOST_TEST(failures() ==
                   (lines{"2 finished calls expected, but there were 1",
                          "1 late action expected, but there were 0",
                          "3 SMS frames expected, but there were 1",
                          "2 connections expected, but there were 1",
                          "at least 2 SMS frames to the caller expected, but there were 1",
                          "1 SMS frame to ***456 expected, but there were 0",
                          "2 to 3 SMS frames expected, but there were 1"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
