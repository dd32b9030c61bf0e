#include "protocol/json_writer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace aiflow::test {
namespace {

std::string expected_escape(unsigned char c)
{
    const std::pair<unsigned char, const char*> letters[] = {
        {'"', "\\\""}, {'\\', "\\\\"}, {'\b', "\\b"}, {'\f', "\\f"},
        {'\n', "\\n"}, {'\r', "\\r"},  {'\t', "\\t"},
    };
    for (const auto& [letter, escape] : letters)
        if (letter == c)
            return escape;
    if (c >= 0x20)
        return std::string(1, static_cast<char>(c));
    std::string hex = "0123456789abcdef";
    return "\\u00" + hex.substr(c >> 4U, 1) + hex.substr(c & 15U, 1);
}

// What surrounds the character: ordinary text, and what lies next to those that need an escape.
constexpr std::string_view around[] = {"a", "!", "#", "[", "]", " ", "\x7f", "\x80", "\xff"};

BOOST_AUTO_TEST_SUITE(json_writer)

BOOST_AUTO_TEST_CASE(every_byte_is_escaped_at_every_place)
{
    std::size_t wrong = 0;
    for (std::size_t size = 1; size <= 34; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (unsigned c = 0; c < 256; ++c) {
                const auto other = around[(size + at + c) % std::size(around)].front();
                std::string text(size, other);
                text[at] = static_cast<char>(c);
                std::string json;
                append_json_string(json, text);
                wrong += json != '"' + std::string(at, other) +
                                     expected_escape(static_cast<unsigned char>(c)) +
                                     std::string(size - at - 1, other) + '"';
            }
        }
    }
    BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_CASE(several_escapes_in_one_text)
{
    std::string json = "before:";
    append_json_string(json, "\"a longer text\" with \\ and \n, and \x01");
    BOOST_TEST(json == R"(before:"\"a longer text\" with \\ and \n, and \u0001")");
    json.clear();
    append_json_string(json, "");
    BOOST_TEST(json == R"("")");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
