#include "play_fixture.hpp"

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

using lines = std::vector<std::string>;

namespace {

// Cuts after the first word, and says a second one on whatever connection comes back.
std::string cut_in_the_middle(std::string_view cut)
{
    return "[[calls]]\nsteps = [{ say = \"one\" }, { " + std::string(cut) +
           " }, { say = \"two\" }, { hang_up = true }]";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(connections_suite, play_fixture)

BOOST_AUTO_TEST_CASE(a_close_comes_after_what_was_said_and_with_its_code)
{
    play(cut_in_the_middle("cut = \"close\", code = 1012, reason = \"restart\""));
    test_bot& first = connect();
    BOOST_TEST(first.heard == (lines{"session_start", "user_speak one"}),
               boost::test_tools::per_element());
    BOOST_TEST(first.ended->close_code == 1012);
    BOOST_TEST(first.ended->close_reason == "restart");
    pass(10s);
    BOOST_TEST(!over);
    test_bot& second = connect();
    BOOST_TEST(second.heard == (lines{"user_speak two", "session_end"}),
               boost::test_tools::per_element());
    BOOST_TEST(second.sessions.front().id == first.sessions.front().id);
    BOOST_TEST(finish());
    BOOST_TEST(record().all_held());
    BOOST_TEST(record().connections == 2u);
}

BOOST_AUTO_TEST_CASE(a_reset_is_a_lost_connection_for_the_bot)
{
    play(cut_in_the_middle("cut = \"reset\""));
    test_bot& bot = connect();
    BOOST_TEST(bot.ended->error == errc::connection_lost);
    connect();
    BOOST_TEST(finish());
    BOOST_TEST(record().all_held());
}

BOOST_AUTO_TEST_CASE(a_half_close_ends_the_bots_reading_but_not_its_writing)
{
    play(cut_in_the_middle("cut = \"half_close\""));
    test_bot& bot = connect();
    BOOST_TEST(bot.ended->error == errc::connection_lost);
    act(bot, speak{"still heard"});
    BOOST_TEST(record().actions == 1u);
    bot.pair.near->abort();
    connect();
    BOOST_TEST(finish());
    BOOST_TEST(record().all_held());
}

BOOST_AUTO_TEST_CASE(in_silence_nothing_is_heard_and_no_ping_is_answered)
{
    play(cut_in_the_middle("cut = \"silence\", for = \"20s\""));
    test_bot& bot = connect();
    std::optional<write_result> result;
    asio::co_spawn(io, write_batch(bot.pair.near.get(), {{outgoing_message::ping, "1"}}, &result),
                   asio::detached);
    act(bot, speak{"unheard"});
    pass(19s);
    BOOST_TEST(!bot.ended.has_value());
    BOOST_TEST(record().actions == 0u);
    BOOST_TEST(bot.heard.size() == 2u);
    pass(1s);
    BOOST_TEST(bot.ended->error == errc::connection_lost);
    connect();
    BOOST_TEST(finish());
}

BOOST_AUTO_TEST_CASE(the_end_of_it_all_does_not_wait_for_a_silence)
{
    play(cut_in_the_middle("cut = \"silence\", for = \"1h\""));
    connect();
    connect();
    BOOST_TEST(finish(1min));
}

BOOST_AUTO_TEST_CASE(a_call_that_ends_with_a_cut_is_over)
{
    play("[[calls]]\nsteps = [{ cut = \"reset\" }]");
    test_bot& bot = connect();
    BOOST_TEST(finish());
    BOOST_TEST(bot.heard == lines{"session_start"}, boost::test_tools::per_element());
    BOOST_TEST((record().calls.front().outcome == simulator::call_outcome::cut));
    BOOST_TEST(record().all_held());
}

BOOST_AUTO_TEST_CASE(a_call_whose_bot_does_not_come_back_is_given_up)
{
    play("[[calls]]\nreturn_within = \"5s\"\nsteps = [{ wait = \"1s\" }, { say = \"x\" }]");
    test_bot& bot = connect();
    bot.pair.near->abort();
    pass(4999ms);
    BOOST_TEST(!over);
    pass(1ms);
    BOOST_TEST(over);
    BOOST_TEST((record().calls.front().outcome == simulator::call_outcome::stranded));
    BOOST_TEST(failures() == lines{"1 finished call expected, but there were 0"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_nobody_asked_for_is_lost_while_there_is_no_connection)
{
    play(R"(
        sms = { otherwise = { answer = "unknown", after = "2s" } }
        [[calls]]
        steps = [{ expect = "send_sms" }, { cut = "reset" }, { wait = "3s" }, { say = "x" }]
    )");
    test_bot& bot = connect();
    act(bot, sms_to("4915112345678", "Hi"));
    pass(3s);
    test_bot& second = connect();
    BOOST_TEST(finish());
    BOOST_TEST(second.heard == (lines{"user_speak x", "session_end"}),
               boost::test_tools::per_element());
    BOOST_TEST(record().lost_events == 1u);
}

BOOST_AUTO_TEST_CASE(a_cut_hits_every_call_on_its_connection)
{
    play(R"(
        [[calls]]
        steps = [{ wait = "1s" }, { cut = "reset" }, { hang_up = true }]
        [[calls]]
        steps = [{ wait = "2s" }, { say = "x" }]
    )");
    connect();
    pass(5s);
    test_bot& second = connect();
    BOOST_TEST(finish());
    BOOST_TEST(second.heard == (lines{"session_end", "user_speak x", "session_end"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(calls_wait_for_as_many_connections_as_the_scenario_says_and_spread)
{
    play(R"(
        connections = { wait_for = 2, calls_on = "spread" }
        [[calls]]
        count = 4
        steps = [{ wait = "1s" }]
    )");
    test_bot& first = connect();
    pass(10s);
    BOOST_TEST(first.heard.empty());
    test_bot& second = connect();
    BOOST_TEST(first.heard.size() == 2u);
    BOOST_TEST(second.heard.size() == 2u);
    BOOST_TEST(finish());
}

BOOST_AUTO_TEST_CASE(with_connections_of_their_own_calls_wait_for_theirs)
{
    play(R"(
        connections = { calls_on = "own" }
        [[calls]]
        count = 2
        steps = [{ wait = "30s" }]
    )");
    test_bot& first = connect();
    pass(10s);
    BOOST_TEST(first.heard.size() == 1u);
    test_bot& second = connect();
    BOOST_TEST(second.heard.size() == 1u);
    BOOST_TEST(finish());
    BOOST_TEST(record().all_held());
}

BOOST_AUTO_TEST_CASE(with_connections_of_their_own_a_call_comes_back_on_a_new_one)
{
    play(R"(
        connections = { calls_on = "own" }
        [[calls]]
        steps = [{ wait = "1s" }, { cut = "reset" }, { say = "x" }]
        [[calls]]
        steps = [{ wait = "10s" }]
    )");
    connect();
    test_bot& other = connect();
    pass(5s);
    BOOST_TEST(other.heard == lines{"session_start"}, boost::test_tools::per_element());
    test_bot& again = connect();
    BOOST_TEST(again.heard == (lines{"user_speak x", "session_end"}),
               boost::test_tools::per_element());
    BOOST_TEST(finish());
}

BOOST_AUTO_TEST_CASE(who_dials_is_told_how_many_connections_are_wanted)
{
    play(R"(
        connections = { wait_for = 2, calls_on = "spread" }
        linger = "5s"
        [[calls]]
        steps = [{ wait = "2s" }]
        [[calls]]
        steps = [{ wait = "1s" }, { cut = "reset" }, { wait = "3s" }]
    )");
    BOOST_TEST(sim->connections_wanted() == 2u);
    connect();
    BOOST_TEST(sim->connections_wanted() == 1u);
    BOOST_TEST(!sim->begun());
    connect();
    BOOST_TEST(sim->connections_wanted() == 0u);
    BOOST_TEST(sim->begun());
    pass(1s);
    BOOST_TEST(sim->connections_wanted() == 1u);
    connect();
    BOOST_TEST(sim->connections_wanted() == 0u);
    pass(4s);
    bots.back()->pair.near->abort();
    settle(io);
    BOOST_TEST(sim->connections_wanted() == 0u);  // every call has ended
    BOOST_TEST(finish());
}

BOOST_AUTO_TEST_CASE(with_connections_of_their_own_one_is_wanted_for_each_call_that_has_none)
{
    play(R"(
        connections = { calls_on = "own", wait_for = 2 }
        [[calls]]
        steps = [{ wait = "1s" }]
        [[calls]]
        steps = [{ wait = "3s" }]
    )");
    connect();
    connect();
    pass(2s);
    bots[0]->pair.near->abort();
    settle(io);
    BOOST_TEST(sim->connections_wanted() == 0u);  // its call has ended
    bots[1]->pair.near->abort();
    settle(io);
    BOOST_TEST(sim->connections_wanted() == 1u);
    connect();
    BOOST_TEST(sim->connections_wanted() == 0u);
    BOOST_TEST(finish());
}

BOOST_AUTO_TEST_CASE(stop_ends_a_play_early_with_1001)
{
    play("[[calls]]\nsteps = [{ wait = \"1h\" }]");
    test_bot& bot = connect();
    sim->stop();
    BOOST_TEST(finish(1s));
    BOOST_TEST(bot.ended->close_code == 1001);
    BOOST_TEST(!record().all_held());
}

BOOST_AUTO_TEST_SUITE_END()
