#include "protocol/utf8.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace aiflow::test {
namespace {

// `piece` at place `at` of `size` other characters.
std::string with(std::string_view piece, std::size_t at, std::size_t size)
{
    return std::string(at, 'a').append(piece) + std::string(size - at, 'z');
}

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(characters_are_counted_wherever_they_stand)
{
    for (std::size_t size = 0; size <= 34; ++size) {
        BOOST_TEST(count_code_points(std::string(size, '\x7f')).value() == size);
        for (std::size_t at = 0; at <= size; ++at) {
            for (const auto* piece : {"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80"})
                BOOST_TEST(count_code_points(with(piece, at, size)).value() == size + 1);
            BOOST_TEST(
                count_code_points(with("\xc3\xa4 \xc3\xb6\xf0\x9f\x98\x80", at, size)).value() ==
                size + 4);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_is_found_wherever_it_stands)
{
    // No character's beginning, cut, overlong, a surrogate, too large.
    const std::string_view bad[] = {
        "\x80",         "\xbf",
        "\xff",         "\xf8\x88\x80\x80\x80",
        "\xc3",         "\xe2\x82",
        "\xf0\x9f\x98", "\xc0\xaf",
        "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
        "\xed\xa0\x80", "\xf4\x90\x80\x80",
    };
    for (const auto piece : bad)
        for (std::size_t size = 0; size <= 34; ++size)
            for (std::size_t at = 0; at <= size; ++at)
                BOOST_TEST(!count_code_points(with(piece, at, size)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
