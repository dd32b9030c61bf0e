#include "protocol/without_numbers.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;

BOOST_AUTO_TEST_SUITE(without_numbers_suite)

BOOST_AUTO_TEST_CASE(numbers_are_masked_however_they_are_written)
{
    BOOST_TEST(without_numbers("to +4915112345678, 3 times, 123456") ==
               "to +***678, 3 times, 123456");
    BOOST_TEST(without_numbers("4915112345678") == "***678");
    BOOST_TEST(without_numbers("0151 1234 5678 failed") == "***678 failed");
    BOOST_TEST(without_numbers("+49 (151) 123-456-78.") == "+***678.");
    BOOST_TEST(without_numbers("0151/12345678") == "***678");
    BOOST_TEST(without_numbers("4917-01-23-4567") == "***567");
    BOOST_TEST(without_numbers("0170-12-34-567") == "***567");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_stays)
{
    for (const char* text :
         {"", "none", "code 4242", "2026-12-01 10:22:33,123 INFO", "at 2026-12-01",
          "12:30:59.123456", "127.0.0.1:8080", "1 - 2 - 3", "123   4567"})
        BOOST_TEST(without_numbers(text) == text);
    BOOST_TEST(without_numbers("2026-12-01 4915112345678") == "2026-12-01 ***678");
}

BOOST_AUTO_TEST_SUITE_END()
