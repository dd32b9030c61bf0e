#include "bench/schedule.hpp"
#include "bench/window.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow::bench;
using namespace std::chrono_literals;

namespace {

const steady::time_point noon{12h};

}  // namespace

BOOST_AUTO_TEST_SUITE(bench_time)

BOOST_AUTO_TEST_CASE(events_are_due_at_their_rate_without_drifting)
{
    schedule s(noon, 3'000);
    BOOST_TEST(s.due(noon));
    BOOST_TEST((s.take() == noon));
    BOOST_TEST(!s.due(noon + 333us));
    BOOST_TEST(s.due(noon + 334us));
    for (int i = 1; i < 3'000; ++i)
        s.take();
    BOOST_TEST((s.next() == noon + 1s));
}

// A late driver must not make the application look faster.
BOOST_AUTO_TEST_CASE(an_event_that_is_late_keeps_its_time)
{
    schedule s(noon, 1'000);
    BOOST_TEST(s.due(noon + 5s));
    BOOST_TEST((s.take() == noon));
    BOOST_TEST((s.take() == noon + 1ms));
}

BOOST_AUTO_TEST_CASE(only_what_comes_between_warm_up_and_end_counts)
{
    window w({2s, 3s, 2});
    BOOST_TEST(!w.move(noon));
    w.begin(noon);
    w.count();
    BOOST_TEST(!w.move(noon + 1999ms));
    BOOST_TEST(w.move(noon + 2s));
    BOOST_TEST(w.measuring());
    w.count();
    w.count();
    BOOST_TEST(!w.move(noon + 4999ms));
    BOOST_TEST(w.move(noon + 6s));
    BOOST_TEST(w.draining());
    w.count();
    BOOST_TEST(w.counted() == 2U);
    BOOST_TEST(w.seconds() == 4.0);
    BOOST_TEST(w.rate() == 0.5);
    BOOST_TEST(!w.move(noon + 100s));
}

// What goes on in waves would be fast or slow by where in a wave the time is over.
BOOST_AUTO_TEST_CASE(whole_rounds_are_measured)
{
    window w({0s, 3s, 2, 10});
    w.begin(noon);
    BOOST_TEST(w.move(noon));
    const auto count = [&w](int n) {
        for (; n > 0; --n)
            w.count();
    };
    count(12);
    BOOST_TEST(!w.move(noon + 2s));
    BOOST_TEST(!w.move(noon + 3s));
    count(7);
    BOOST_TEST(!w.move(noon + 4s));
    count(1);
    BOOST_TEST(w.move(noon + 5s));
    BOOST_TEST(w.draining());
    BOOST_TEST(w.rate() == 4.0);
}

BOOST_AUTO_TEST_CASE(a_round_is_measured_even_if_the_time_was_over_before_anything_came)
{
    window w({0s, 3s, 2, 10});
    w.begin(noon);
    BOOST_TEST(w.move(noon));
    BOOST_TEST(!w.move(noon + 3s));
    for (int n = 0; n < 9; ++n)
        w.count();
    BOOST_TEST(!w.move(noon + 9s));
    w.count();
    BOOST_TEST(w.move(noon + 10s));
}

BOOST_AUTO_TEST_CASE(a_slow_machine_measures_longer)
{
    window w({0s, 1s, 3});
    w.begin(noon);
    BOOST_TEST(w.move(noon));
    w.count();
    w.count();
    BOOST_TEST(!w.move(noon + 10s));
    w.count();
    BOOST_TEST(w.move(noon + 11s));
}

BOOST_AUTO_TEST_SUITE_END()
