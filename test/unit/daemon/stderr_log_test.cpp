#include "daemon/stderr_log.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

struct stderr_log_rig {
    std::vector<std::string> texts;
    std::string left_out;
    logger log{[this](const log_record& r) {
        texts.emplace_back(r.text);
        left_out = r.fields.empty() ? "" : r.fields.front().value;
    }};
    clock::time_point now{1h};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(stderr_log_suite)

BOOST_FIXTURE_TEST_CASE(each_line_is_one_of_the_log, stderr_log_rig)
{
    stderr_log errors(log);
    errors.push("Traceback:\n  line 1\nno e", now);
    errors.push("nd", now);
    errors.finish(now);
    const std::vector<std::string> expected{"Traceback:", "  line 1", "no end"};
    BOOST_TEST(texts == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(nothing_in_it_can_forge_a_line_or_a_colour, stderr_log_rig)
{
    stderr_log errors(log);
    errors.push("a\x1b[31mred\rb\n", now);
    BOOST_TEST(texts.at(0).find('\x1b') == std::string::npos);
    BOOST_TEST(texts.at(0).find('\r') == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_long_line_is_cut, stderr_log_rig)
{
    stderr_log errors(log);
    errors.push(std::string(100'000, 'x') + "\nshort\n", now);
    BOOST_TEST_REQUIRE(texts.size() == 2U);
    BOOST_TEST(texts[0].size() <= 1100U);
    BOOST_TEST(texts[1] == "short");
}

BOOST_FIXTURE_TEST_CASE(a_flood_is_thinned_out_and_counted, stderr_log_rig)
{
    stderr_log errors(log);
    for (int i = 0; i < 1000; ++i)
        errors.push("flood\n", now);
    BOOST_TEST(texts.size() == 100U);
    errors.push("later\n", now + 1s);
    BOOST_TEST(texts.size() == 101U);
    BOOST_TEST(left_out == "900");
}

BOOST_FIXTURE_TEST_CASE(numbers_are_masked, stderr_log_rig)
{
    stderr_log errors(log);
    errors.push("4915112345678\n", now);
    BOOST_TEST(texts.at(0) == "***678");
}

BOOST_AUTO_TEST_SUITE_END()
