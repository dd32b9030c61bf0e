#include "bench/figures.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow::bench;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(bench_figures)

BOOST_AUTO_TEST_CASE(the_median_is_the_middle)
{
    BOOST_TEST(median({}) == 0);
    BOOST_TEST(median({7}) == 7);
    BOOST_TEST(median({9, 1, 5}) == 5);
    BOOST_TEST(median({9, 1, 5, 2}) == 3.5);
}

BOOST_AUTO_TEST_CASE(medians_are_taken_of_each_figure_alone)
{
    const auto all = medians({{{"rate", 3}, {"cpu_ns", 30}}, {{"rate", 1}}, {{"rate", 2}}});
    BOOST_TEST(all.at("rate") == 2);
    BOOST_TEST(all.at("cpu_ns") == 30);
}

BOOST_AUTO_TEST_CASE(a_percentile_is_a_latency_that_was_measured)
{
    latencies l;
    for (int i = 1000; i >= 1; --i)
        l.add(i * 1us);
    BOOST_TEST(l.percentile_us(0.5) == 500);
    BOOST_TEST(l.percentile_us(0.99) == 990);
    BOOST_TEST(l.percentile_us(0.999) == 999);
    BOOST_TEST(l.percentile_us(1) == 1000);
    BOOST_TEST(l.percentile_us(0) == 1);
}

BOOST_AUTO_TEST_CASE(no_latency_is_no_figure)
{
    latencies l;
    figures f;
    l.report(f);
    BOOST_TEST(f.empty());
    l.add(1500ns);
    l.report(f);
    BOOST_TEST(f.at("p50_us") == 1.5);
    BOOST_TEST(f.at("p999_us") == 1.5);
}

BOOST_AUTO_TEST_SUITE_END()
