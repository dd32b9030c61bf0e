#include "aiflow/phone_number.hpp"

#include <boost/test/unit_test.hpp>

namespace aiflow::test {
namespace {

BOOST_AUTO_TEST_SUITE(phone_numbers)

BOOST_AUTO_TEST_CASE(good_numbers_become_digits)
{
    struct row {
        std::string_view text;
        std::string_view digits;
    };
    const row rows[] = {
        {"4915112345678", "4915112345678"},
        {"+4915112345678", "4915112345678"},
        {"1234567", "1234567"},
        {"+123456789012345", "123456789012345"},
        {"999999999999999", "999999999999999"},
    };
    for (const auto& r : rows) {
        const auto parsed = phone_number::parse(r.text);
        BOOST_TEST_REQUIRE(parsed.has_value(), r.text);
        BOOST_TEST(parsed->digits() == r.digits);
    }
}

BOOST_AUTO_TEST_CASE(bad_numbers_are_refused_with_the_reason)
{
    struct row {
        std::string_view text;
        std::string_view says;
    };
    const row rows[] = {
        {"", "is empty"},
        {"+", "is a + alone"},
        {"++4915112345678", "more than a leading +"},
        {"49+15112345678", "more than a leading +"},
        {"+49 151 1234 5678", "spaces, dashes or brackets"},
        {"49-151-12345678", "spaces, dashes or brackets"},
        {"(49)15112345678", "spaces, dashes or brackets"},
        {" 4915112345678", "spaces, dashes or brackets"},
        {"0151 1234 5678", "spaces, dashes or brackets"},
        {"015112345678", "begins with 0,"},
        {"+015112345678", "begins with 0,"},
        {"004915112345678", "begins with 00"},
        {"anonymous", "not digits"},
        {"49151CALLME", "not digits"},
        {"4915112345678\r\n", "not digits"},
        {"49151\",\"x\":\"1", "not digits"},
        {std::string_view("491511234\0005678", 14), "not digits"},
        {"\xd9\xa4\xd9\xa9 15112345678", "not digits"},
        {"123456", "has 6 digits; at least 7"},
        {"1234567890123456", "has 16 digits; E.164 allows at most 15"},
    };
    for (const auto& r : rows) {
        const auto parsed = phone_number::parse(r.text);
        BOOST_TEST_REQUIRE(parsed.has_error(), r.text);
        const auto& why = parsed.error();
        BOOST_TEST((why.code == errc::invalid_phone_number));
        BOOST_TEST(why.field == "phone_number");
        BOOST_TEST(why.text.find(r.says) != std::string::npos, why.text);
        if (r.text.size() > 4)
            BOOST_TEST(why.text.find(r.text) == std::string::npos, why.text);
    }
}

BOOST_AUTO_TEST_CASE(numbers_compare_by_their_digits)
{
    BOOST_TEST((phone_number::parse("+4915112345678").value() ==
                phone_number::parse("4915112345678").value()));
    BOOST_TEST((phone_number::parse("1234567").value() < phone_number::parse("1234568").value()));
    BOOST_TEST(comparable_digits("+49 151 12345678") == "4915112345678");
    BOOST_TEST(comparable_digits(" +49") == "49");
    BOOST_TEST(comparable_digits("4915112345678") == "4915112345678");
    BOOST_TEST(comparable_digits("") == "");
    BOOST_TEST(comparable_digits("anonymous") == "anonymous");
}

BOOST_AUTO_TEST_CASE(a_masked_number_shows_three_digits)
{
    struct row {
        std::string_view text;
        std::string_view shown;
    };
    const row rows[] = {
        {"4915112345678", "***678"},
        {"+4915112345678", "***678"},
        {"123", "***"},
        {"1234", "***234"},
        {"", "***"},
        {"anonymous", "***"},
        {"1234\r\n", "***"},
        {"12345\xc3\xa4", "***"},
    };
    for (const auto& r : rows)
        BOOST_TEST(masked(r.text) == r.shown);
    BOOST_TEST(masked(phone_number::parse("+4915112345678").value()) == "***678");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
