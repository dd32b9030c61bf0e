#include "text/duration_text.hpp"
#include "text/text_columns.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;

BOOST_AUTO_TEST_SUITE(duration_text_suite)

BOOST_AUTO_TEST_CASE(durations_with_a_unit_are_read)
{
    const std::pair<std::string_view, long> table[] = {
        {"0s", 0},    {"200ms", 200},    {"1.5s", 1'500},     {"2m", 120'000},
        {".5s", 500}, {"1h", 3'600'000}, {"24h", 86'400'000}, {"0.0004s", 0}};
    for (const auto& [text, ms] : table) {
        const auto time = parse_duration(text);
        BOOST_TEST_REQUIRE(time.has_value(), text);
        BOOST_TEST(time->count() == ms);
    }
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused)
{
    for (const std::string_view text :
         {"", "5", "s", "-1s", "1 s", "1sec", "1e3s", "nans", "infs", "25h", "1s1", "1.2.3s"})
        BOOST_TEST(!parse_duration(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(durations_are_written_shortly)
{
    const std::pair<long, std::string_view> table[] = {
        {0, "0ms"},      {200, "200ms"},   {1'500, "1.5s"},   {2'000, "2s"},     {60'000, "1m"},
        {61'000, "61s"}, {1'050, "1.05s"}, {3'600'000, "1h"}, {5'400'000, "90m"}};
    for (const auto& [ms, text] : table)
        BOOST_TEST(duration_text(std::chrono::milliseconds{ms}) == text);
}

BOOST_AUTO_TEST_CASE(columns_count_characters)
{
    BOOST_TEST(columns_of("äöü") == 3u);
    BOOST_TEST(fitted("äöü", 3) == "äöü");
    BOOST_TEST(fitted("äöüß", 3) == "äö…");
    BOOST_TEST(padded("ä", 3) == "ä  ");
}

BOOST_AUTO_TEST_CASE(long_lines_break_at_blanks_if_there_are_any)
{
    const std::vector<std::string> at_blanks{"one two", "three"};
    BOOST_TEST(wrapped("one two three", 8) == at_blanks, boost::test_tools::per_element());
    const std::vector<std::string> anywhere{"abcd", "ef"};
    BOOST_TEST(wrapped("abcdef", 4) == anywhere, boost::test_tools::per_element());
    BOOST_TEST(wrapped("", 4).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
