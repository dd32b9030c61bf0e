#include "daemon/restart_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

void check_about(clock::duration delay, std::chrono::milliseconds expected)
{
    BOOST_TEST((delay >= expected * 0.8 && delay <= expected * 1.2),
               "is " << std::chrono::duration_cast<std::chrono::milliseconds>(delay).count()
                     << " ms, not about " << expected.count());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(restart_policy_suite)

BOOST_AUTO_TEST_CASE(delays_double_up_to_the_limit)
{
    restart_policy p(500ms, 3s, 1);
    for (const auto expected : {500ms, 1000ms, 2000ms, 3000ms, 3000ms})
        check_about(p.next(1s), expected);
}

BOOST_AUTO_TEST_CASE(a_child_that_has_lived_starts_it_over)
{
    restart_policy p(500ms, 30s, 1);
    p.next(0s);
    p.next(0s);
    check_about(p.next(30s), 500ms);
    check_about(p.next(29s), 1000ms);
}

BOOST_AUTO_TEST_CASE(many_daemons_do_not_restart_at_once)
{
    std::set<clock::duration> delays;
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        delays.insert(restart_policy(500ms, 30s, seed).next(0s));
    BOOST_TEST(delays.size() == 20U);
}

BOOST_AUTO_TEST_CASE(the_limit_holds_for_the_first_delay_as_well)
{
    restart_policy p(10s, 1s, 1);
    check_about(p.next(0s), 1000ms);
}

BOOST_AUTO_TEST_CASE(other_limits_count_from_the_next_delay)
{
    restart_policy p(500ms, 30s, 1);
    for (int i = 0; i < 10; ++i)
        p.next(0s);
    p.change(100ms, 200ms);
    check_about(p.next(0s), 200ms);
}

BOOST_AUTO_TEST_SUITE_END()
