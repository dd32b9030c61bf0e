#include "aiflow/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <new>
#include <string>
#include <utility>

using namespace aiflow;

BOOST_AUTO_TEST_SUITE(secret_suite)

BOOST_AUTO_TEST_CASE(matches_only_itself)
{
    const secret s("correct horse");
    BOOST_TEST(s.matches("correct horse"));
    BOOST_TEST(!s.matches("correct hors"));
    BOOST_TEST(!s.matches("correct horse "));
    BOOST_TEST(!s.matches(""));
    BOOST_TEST(!secret().matches(""));
    BOOST_TEST(!secret("").matches(""));
}

BOOST_AUTO_TEST_CASE(copies_and_moves)
{
    for (const std::string text : {"short", "a text that is longer than any small buffer is"}) {
        secret a(text);
        secret b(a);
        BOOST_TEST(b.reveal() == text);
        secret c(std::move(a));
        BOOST_TEST(c.reveal() == text);
        BOOST_TEST(a.empty());  // NOLINT(bugprone-use-after-move): what is left is tested
        a = b;
        BOOST_TEST(a.reveal() == text);
        b = std::move(c);
        BOOST_TEST(b.reveal() == text);
        BOOST_TEST(c.empty());  // NOLINT(bugprone-use-after-move): as above
        secret& self = b;
        b = self;
        BOOST_TEST(b.reveal() == text);
    }
}

// A short secret lies in the object itself, where it can be looked for when the object has gone.
BOOST_AUTO_TEST_CASE(is_wiped_when_it_goes)
{
    alignas(secret) char place[sizeof(secret)] = {};
    auto* s = new (place) secret("swordfish");
    const auto here = [&] { return std::string(place, sizeof place).find("swordfish"); };
    BOOST_REQUIRE(here() != std::string::npos);
    s->~secret();
    BOOST_TEST(here() == std::string::npos);

    s = new (place) secret("swordfish");
    secret other(std::move(*s));
    BOOST_TEST(here() == std::string::npos);
    s->~secret();
}

BOOST_AUTO_TEST_SUITE_END()
