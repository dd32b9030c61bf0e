#include "daemon/circuit_breaker.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace std::chrono_literals;
using pass = circuit_breaker::pass;

namespace {

constexpr clock::time_point start{1h};

circuit_breaker opened_at(clock::time_point t)
{
    circuit_breaker b(3, 10s);
    for (int i = 0; i < 3; ++i)
        b.failed(b.ask(t), t);
    return b;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(circuit_breaker_suite)

BOOST_AUTO_TEST_CASE(opens_after_so_many_failures_in_a_row)
{
    circuit_breaker b(3, 10s);
    BOOST_TEST(!b.failed(b.ask(start), start));
    BOOST_TEST(!b.failed(b.ask(start), start));
    BOOST_TEST((b.ask(start) == pass::normal));
    BOOST_TEST(!b.succeeded());
    BOOST_TEST(!b.failed(pass::normal, start));
    BOOST_TEST(!b.failed(pass::normal, start));
    BOOST_TEST(!b.open());
    BOOST_TEST(b.failed(pass::normal, start));
    BOOST_TEST(b.open());
    BOOST_TEST((b.next_probe() == start + 10s));
}

BOOST_AUTO_TEST_CASE(one_probe_after_the_pause_and_no_more_until_it_has_ended)
{
    auto b = opened_at(start);
    BOOST_TEST((b.ask(start + 9'999ms) == pass::none));
    BOOST_TEST((b.ask(start + 10s) == pass::probe));
    BOOST_TEST((b.ask(start + 10s) == pass::none));
    BOOST_TEST((b.ask(start + 1h) == pass::none));
    BOOST_TEST(b.succeeded());
    BOOST_TEST((b.ask(start + 1h) == pass::normal));
}

BOOST_AUTO_TEST_CASE(a_probe_that_fails_begins_another_pause_and_is_no_change)
{
    auto b = opened_at(start);
    BOOST_TEST(!b.failed(b.ask(start + 10s), start + 12s));
    BOOST_TEST(b.open());
    BOOST_TEST((b.ask(start + 21s) == pass::none));
    BOOST_TEST((b.ask(start + 22s) == pass::probe));
}

BOOST_AUTO_TEST_CASE(a_probe_that_says_nothing_makes_room_for_another_one)
{
    auto b = opened_at(start);
    b.dropped(b.ask(start + 10s));
    BOOST_TEST((b.ask(start + 10s) == pass::probe));
}

BOOST_AUTO_TEST_CASE(requests_from_before_the_pause)
{
    auto b = opened_at(start);
    BOOST_TEST(!b.failed(pass::normal, start + 5s));
    BOOST_TEST((b.next_probe() == start + 10s));
    BOOST_TEST(b.failures_in_a_row() == 3U);
    BOOST_TEST(b.succeeded());
    BOOST_TEST((b.ask(start + 5s) == pass::normal));
}

BOOST_AUTO_TEST_CASE(one_failure_can_be_enough)
{
    circuit_breaker b(1, 1s);
    BOOST_TEST(b.failed(b.ask(start), start));
    b.set_limits(5, 2s);
    BOOST_TEST((b.ask(start + 1s) == pass::probe));
}

BOOST_AUTO_TEST_SUITE_END()
