#include "simulator/timeline.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <sstream>

using namespace aiflow;
using namespace aiflow::simulator;
using namespace std::chrono_literals;

namespace {

struct timeline_fixture {
    timeline_fixture()
    {
        session_info s{"id", "acc", "4921112345678", "inbound", "4915112345678", "4921112345678"};
        seen.calls.push_back({1, "call 1", s});
    }

    clock::time_point zero{1h};
    journal seen;

    std::string print(decltype(happening::what) what, timeline_options options = {}) const
    {
        const timeline t(options, seen, zero);
        return t.lines({zero + 1234ms, 1, 1, std::move(what)});
    }

    std::string sent(const event& e) const { return print(event_sent{&e}); }

    std::string taken(const action& a, const sms_record* sms = nullptr,
                      timeline_options options = {}) const
    {
        return print(action_taken{&a, false, sms}, options);
    }
};

const event failed = sms_failed{"4915112345678", "smsc_unavailable", ""};
const action sms = send_sms{*phone_number::parse("4915112345678"), "Your code is 4242."};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(timeline_suite, timeline_fixture)

BOOST_AUTO_TEST_CASE(events_and_actions_in_columns)
{
    BOOST_TEST(sent(session_start{}) ==
               "   1.234  call 1       → session_start           ***678 calls ***678\n");
    BOOST_TEST(sent(user_speak{"Hello", false}) ==
               "   1.234  call 1       → user_speak              caller: \"Hello\"\n");
    BOOST_TEST(sent(failed) == "   1.234  call 1       → sms_failed              "
                               "smsc_unavailable, SMS to ***678\n");
    BOOST_TEST(taken(speak{"Hi"}) ==
               "   1.234  call 1       ← speak                   bot: \"Hi\"\n");
}

BOOST_AUTO_TEST_CASE(an_sms_shows_its_attempt_and_length_and_its_text_only_when_asked)
{
    const sms_record record{zero, 1, "id", "4915112345678", "Your code is 4242.", 2, false, ""};
    BOOST_TEST(taken(sms, &record) == "   1.234  call 1       ← send_sms                "
                                      "to ***678, attempt 2, 18 characters\n");
    BOOST_TEST(taken(sms, &record, {false, true, 100}) ==
               "   1.234  call 1       ← send_sms                to 4915112345678, attempt 2, "
               "\"Your code is 4242.\"\n");
}

BOOST_AUTO_TEST_CASE(no_line_is_longer_than_the_width)
{
    const std::string word(300, 'x');
    const check_record check{1, 7, false, "`send_sms` " + word};
    std::istringstream all(sent(user_speak{word, true}) + taken(speak{word}) +
                           print(check_made{&check}));
    std::size_t lines = 0;
    for (std::string line; std::getline(all, line); ++lines)
        BOOST_TEST(line.size() <= 104u, line);  // an arrow and an ellipsis take three bytes each
    BOOST_TEST(lines > 5u);
}

BOOST_AUTO_TEST_CASE(what_comes_from_outside_moves_no_cursor)
{
    BOOST_TEST(taken(speak{"a\x1b[2Jb"}).find('\x1b') == std::string::npos);
    stream_end end;
    end.error = errc::closed_by_peer;
    end.close_reason = "\x1b[2J";
    BOOST_TEST(print(connection_ended{end}).find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(colour_is_there_only_when_asked_for)
{
    BOOST_TEST(print(event_sent{&failed}).find('\x1b') == std::string::npos);
    BOOST_TEST(print(event_sent{&failed}, {true, false, 100}).find("\x1b[33m") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_summary_counts_and_lists_the_expectations)
{
    seen.connections = 1;
    seen.events = 3;
    seen.actions = 1;
    seen.sends.push_back({zero, 1, "id", "49", "x", 1, false, "unknown"});
    seen.checks.push_back({1, 7, true, "`speak`"});
    seen.checks.push_back({1, 9, false, "`hangup` within 5s: it did not come"});
    seen.checks.push_back({0, 0, true, "1 finished call"});
    const timeline t({}, seen, zero);
    BOOST_TEST(
        t.summary() ==
        "\n1 call on 1 connection: 3 events sent, 1 action received, 1 SMS frame (1 failed)\n"
        "  ✓ call 1: `speak`\n"
        "  ✗ call 1: `hangup` within 5s: it did not come (line 9)\n"
        "  ✓ 1 finished call\n"
        "1 of 3 expectations failed.\n");
    BOOST_TEST(t.failures() == "  ✗ call 1: `hangup` within 5s: it did not come (line 9)\n");
    seen.checks[1].held = true;
    BOOST_TEST(t.summary().find("All 3 expectations held.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_summary_of_many_calls_stays_readable)
{
    for (int i = 0; i < 50; ++i) {
        seen.checks.push_back({1, 7, true, "`speak`"});
        seen.checks.push_back({1, 9, false, "`hangup`"});
    }
    const std::string summary = timeline({}, seen, zero).summary();
    BOOST_TEST(std::count(summary.begin(), summary.end(), '\n') == 45);
    BOOST_TEST(summary.find("and 30 more that held") != std::string::npos);
    BOOST_TEST(summary.find("and 30 more that did not") != std::string::npos);
    BOOST_TEST(summary.find("50 of 100 expectations failed.") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_recorded_frame_is_one_line_of_json)
{
    const frame_record f{zero + 1500ms, true, 2, 1, "id", "{\"type\":\"x\"}\n"};
    BOOST_TEST(json_line(f, zero) ==
               "{\"t\":1.5E0,\"direction\":\"event\",\"connection\":2,\"call\":1,"
               "\"session\":\"id\",\"text\":\"{\\\"type\\\":\\\"x\\\"}\\n\"}\n");
}

BOOST_AUTO_TEST_SUITE_END()
