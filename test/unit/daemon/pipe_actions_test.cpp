#include "daemon/pipe_actions.hpp"

#include "manual_clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

struct pipe_actions_rig {
    asio::io_context io;
    test::manual_clock time;
    std::vector<std::string> lines;
    logger log{[this](const log_record& r) {
        std::string line(r.id);
        for (const auto& f : r.fields)
            line += ' ' + std::string(f.name) + '=' + f.value;
        lines.push_back(std::move(line));
    }};
    std::shared_ptr<pipe_actions> actions =
        std::make_shared<pipe_actions>(io.get_executor(), time, log, nullptr);
};

}  // namespace

// With calls: pipe_bot_test.
BOOST_AUTO_TEST_SUITE(pipe_actions_suite)

BOOST_FIXTURE_TEST_CASE(what_is_no_action_is_counted_and_never_repeated, pipe_actions_rig)
{
    for (const std::string_view bad :
         {"secret", "{", "[]7", "7", "\"secret\"", "{\"type\":\"secret\",\"session_id\":\"a\"}",
          "{\"type\":\"hangup\"}", "[{\"type\":\"hangup\",\"session_id\":\"a\"},7]",
          "{\"type\":\"hangup\",\"session_id\":\"a\",\"secret 1\":1}", "\xff\xfe"}) {
        lines.clear();
        time.advance(1s);
        actions->line(bad);
        BOOST_TEST_REQUIRE(lines.size() == 1U, bad);
        BOOST_TEST(lines[0].starts_with("pipe.bad_line why="), lines[0]);
        BOOST_TEST(lines[0].find("secret") == std::string::npos, lines[0]);
    }
    BOOST_TEST(actions->counted().bad_lines == 10U);
    BOOST_TEST(actions->counted().answers == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_flood_of_them_does_not_fill_the_log, pipe_actions_rig)
{
    for (int i = 0; i < 1000; ++i)
        actions->line("x");
    BOOST_TEST(lines.size() == 10U);
    BOOST_TEST(actions->counted().bad_lines == 1000U);
    time.advance(1s);
    actions->line("x");
    BOOST_TEST(lines.back().ends_with("left_out=990"), lines.back());
}

BOOST_FIXTURE_TEST_CASE(a_session_that_is_not_there_is_logged_once, pipe_actions_rig)
{
    const std::string action = "{\"type\":\"hangup\",\"session_id\":\"not-there-at-all\"}";
    actions->line(action);
    actions->line("[" + action + "," + action + "]");
    BOOST_TEST(actions->counted().no_session == 3U);
    BOOST_TEST(actions->counted().answers == 2U);
    BOOST_TEST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(lines[0] == "pipe.no_session session=not-ther");
    actions->line("{\"type\":\"hangup\",\"session_id\":\"another\"}");
    BOOST_TEST(lines.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(an_empty_array_is_nothing_to_do, pipe_actions_rig)
{
    actions->line("[]");
    BOOST_TEST(lines.empty());
}

BOOST_AUTO_TEST_SUITE_END()
