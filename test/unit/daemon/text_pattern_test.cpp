#include "daemon/text_pattern.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;

namespace {

bool matches(const std::string& pattern, std::string_view text)
{
    std::vector<std::string_view> ignored;
    return text_pattern::compile(pattern).value().search(text, ignored);
}

std::string refused(const std::string& pattern)
{
    const auto compiled = text_pattern::compile(pattern);
    return compiled ? "" : compiled.error().text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_pattern_suite)

BOOST_AUTO_TEST_CASE(it_matches_anywhere_and_ignores_case)
{
    BOOST_TEST(matches("code", "The Code, please"));
    BOOST_TEST(matches(R"(\bcode\b)", "CODE"));
    BOOST_TEST(!matches(R"(\bcode\b)", "decoder"));
    BOOST_TEST(!matches("^code", "the code"));
    BOOST_TEST(matches("\xc3\xbc"
                       "bergabe",
                       "\xc3\x9c"
                       "bergabe"));  // ue, small and capital
    BOOST_TEST(!matches("(?-i)code", "CODE"));
    BOOST_TEST(matches("one.two", "one\ntwo"));
}

BOOST_AUTO_TEST_CASE(a_dot_is_a_character_and_not_a_byte)
{
    BOOST_TEST(matches("^.$", "\xe2\x82\xac"));
}

BOOST_AUTO_TEST_CASE(groups_are_found)
{
    const auto p = text_pattern::compile(R"((\d+)( euro)?)").value();
    BOOST_TEST(p.groups() == 2u);
    std::vector<std::string_view> found;
    BOOST_TEST(p.search("that is 42, I think", found));
    BOOST_TEST(found == (std::vector<std::string_view>{"42", "42", ""}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_re2_does_not_know_is_refused_with_the_reason)
{
    const std::string why = "; it knows neither references to groups nor looking ahead or behind, "
                            "so that nothing a caller says takes long";
    BOOST_TEST(refused(R"((a)\1)") == "is no pattern of RE2: invalid escape sequence: \\1" + why);
    BOOST_TEST(refused("a(?=b)") == "is no pattern of RE2: invalid perl operator: (?=" + why);
    BOOST_TEST(refused("(a") == "is no pattern of RE2: missing ): (a");
    BOOST_TEST(refused("\xff") == "is no pattern of RE2: invalid UTF-8");
    BOOST_TEST(refused("") == "is empty; leave it out to take any text, or give a pattern");
    BOOST_TEST(refused("((a{100}){100}){100}").starts_with("is no pattern of RE2: "));
}

BOOST_AUTO_TEST_CASE(a_boundary_that_is_never_there_is_refused)
{
    BOOST_TEST(refused("\\b\xc3\xbc"
                       "ber")
                   .starts_with("has a `\\b` beside a letter"));
    BOOST_TEST(refused("men\xc3\xbc\\b").starts_with("has a `\\b` beside a letter"));
    BOOST_TEST(refused("\\bb\xc3\xbcro\\b") == "");
    BOOST_TEST(refused(R"(\\b)"
                       "\xc3\xbc") == "");  // a backslash, a b
    BOOST_TEST(matches("(?:^|\\PL)\xc3\xbc"
                       "ber",
                       "\xc3\x9c"
                       "ber uns"));
}

BOOST_AUTO_TEST_CASE(a_pattern_that_would_stall_others_gives_its_answer)
{
    std::string text(40'000, 'a');
    BOOST_TEST(!matches("^(a+)+$", text + "!"));
    BOOST_TEST(matches("^(a+)+$", text));
    BOOST_TEST(!matches("(a|aa|aaa|a*)*b(a|aa)*c", text));
    BOOST_TEST(!matches("([a-z]+)*[0-9]{200}x", text));  // outgrows the memory of its automata
}

BOOST_AUTO_TEST_SUITE_END()
