#include "daemon/line_splitter.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace aiflow;

namespace {

constexpr auto drop = line_splitter::too_long::drop;
constexpr auto cut = line_splitter::too_long::cut;

std::vector<std::string> all(line_splitter& lines)
{
    std::vector<std::string> result;
    while (const auto line = lines.next())
        result.emplace_back(*line);
    return result;
}

/// In pieces of every size, which must make no difference.
void check_pieces(std::size_t limit, line_splitter::too_long policy, const std::string& text,
                  const std::vector<std::string>& expected, std::uint64_t too_long)
{
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        line_splitter lines(limit, policy);
        std::vector<std::string> got;
        for (std::size_t i = 0; i < text.size(); i += piece) {
            lines.push(std::string_view(text).substr(i, piece));
            for (auto& line : all(lines))
                got.push_back(std::move(line));
        }
        if (const auto last = lines.rest())
            got.emplace_back(*last);
        BOOST_TEST_INFO("pieces of " << piece);
        BOOST_TEST(got == expected, boost::test_tools::per_element());
        BOOST_TEST(lines.lines_too_long() == too_long);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(line_splitter_suite)

BOOST_AUTO_TEST_CASE(lines_come_whole_however_the_bytes_come)
{
    check_pieces(10, drop, "one\ntwo\r\n\n\r\nthree", {"one", "two", "three"}, 0);
}

BOOST_AUTO_TEST_CASE(a_line_that_just_fits_is_one)
{
    check_pieces(5, drop, "12345\n12345\r\n12345", {"12345", "12345", "12345"}, 0);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_dropped_whole)
{
    check_pieces(5, drop, "a\n123456\nb\n123456789012345\r\nc\n", {"a", "b", "c"}, 2);
    check_pieces(5, drop, "a\n123456789", {"a"}, 1);
}

BOOST_AUTO_TEST_CASE(or_cut)
{
    check_pieces(5, cut, "a\n123456\nb\n123456789012345\nc\n123456789",
                 {"a", "12345", "b", "12345", "c", "12345"}, 3);
}

BOOST_AUTO_TEST_CASE(a_half_line_waits_for_its_other_half)
{
    line_splitter lines(100, drop);
    lines.push("{\"type\":");
    BOOST_TEST(!lines.next());
    lines.push("\"hangup\"}\n");
    BOOST_TEST(*lines.next() == "{\"type\":\"hangup\"}");
    BOOST_TEST(!lines.next());
    BOOST_TEST(!lines.rest());
}

BOOST_AUTO_TEST_SUITE_END()
