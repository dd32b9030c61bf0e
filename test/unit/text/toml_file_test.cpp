#include "text/toml_file.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;

BOOST_AUTO_TEST_SUITE(toml_file_suite)

// Found by fuzz_files: whoever reads the problem on a terminal would have had it obey the file.
BOOST_AUTO_TEST_CASE(what_is_no_toml_is_not_repeated_as_it_stands)
{
    const auto read = parse_toml("a = 1\nb = t\x1b[2J\x07");
    BOOST_REQUIRE(read.has_error());
    const auto problems = read.error();
    BOOST_REQUIRE(problems.size() == 1U);
    const auto& p = problems.front();
    BOOST_TEST(p.line == 2U);
    BOOST_TEST(p.text.starts_with("is not valid TOML: "));
    for (const char c : p.text)
        BOOST_TEST(static_cast<unsigned char>(c) >= 0x20);
}

BOOST_AUTO_TEST_SUITE_END()
