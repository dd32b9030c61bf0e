#include "aiflow/backoff.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

using ms = std::chrono::milliseconds;

ms rounded(clock::duration d)
{
    return std::chrono::duration_cast<ms>(d);
}

connect_failure refused_tcp()
{
    connect_failure f;
    f.stage = connect_stage::tcp;
    f.error = boost::system::errc::make_error_code(boost::system::errc::connection_refused);
    return f;
}

stream_end lost()
{
    stream_end e;
    e.error = make_error_code(errc::connection_lost);
    return e;
}

stream_end lost_with(std::uint16_t code)
{
    stream_end e;
    e.error = make_error_code(errc::closed_by_peer);
    e.close_code = code;
    return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backoff_suite)

BOOST_AUTO_TEST_CASE(failure_makes_delays_grow_to_the_maximum)
{
    backoff b({}, 1);
    const clock::time_point now{};
    BOOST_TEST((b.next(refused_tcp(), now).delay <= 1s));
    double expected = 1000;
    for (int i = 0; i < 30; ++i) {
        expected = std::min(expected * 1.6, 60'000.0);
        const auto delay = static_cast<double>(rounded(b.next(refused_tcp(), now).delay).count());
        BOOST_TEST(delay >= expected * 0.8 - 1);
        BOOST_TEST(delay <= expected * 1.2 + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_too_short_or_not_proven_resets_nothing)
{
    for (const auto& [lived, proven] : {std::pair{29'999ms, true}, {1h, false}, {0ms, false}}) {
        backoff b({}, 2);
        for (int i = 0; i < 20; ++i)
            b.next(refused_tcp(), {});
        BOOST_TEST((b.next(lost(), lived, proven, {}).delay >= 48s));
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_lived_and_was_proven_starts_over)
{
    backoff b({}, 3);
    for (int i = 0; i < 20; ++i)
        b.next(refused_tcp(), {});
    BOOST_TEST((b.next(lost(), 30s, true, {}).delay <= 1s));
    const auto second = b.next(refused_tcp(), {}).delay;
    BOOST_TEST((second >= 1279ms && second <= 1921ms));
}

BOOST_AUTO_TEST_CASE(two_hundred_clients_do_not_come_back_together)
{
    std::vector<double> first;
    std::set<std::vector<clock::duration::rep>> schedules;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        backoff b({}, seed);
        std::vector<clock::duration::rep> schedule;
        schedule.reserve(5);
        first.push_back(static_cast<double>(rounded(b.next(lost(), 1h, true, {}).delay).count()));
        for (int i = 0; i < 5; ++i)
            schedule.push_back(b.next(refused_tcp(), {}).delay.count());
        schedules.insert(schedule);
    }
    BOOST_TEST(schedules.size() == 200U);
    const auto [low, high] = std::minmax_element(first.begin(), first.end());
    BOOST_TEST(*high - *low >= 600);
    // And not in two heaps at the ends.
    for (int tenth = 0; tenth < 10; ++tenth)
        BOOST_TEST(std::count_if(first.begin(), first.end(), [=](double d) {
                       return d >= tenth * 100 && d < (tenth + 1) * 100;
                   }) >= 5);
}

BOOST_AUTO_TEST_CASE(a_day_against_a_server_that_drops_every_connection)
{
    backoff b({}, 4);
    clock::time_point now{};
    const auto end = now + 24h;
    int attempts = 0;
    while (now < end) {
        now += 5s;  // for which each connection lives, proven
        now += b.next(lost(), 5s, true, now).delay;
        ++attempts;
    }
    // Once a minute, not once in five seconds: 24 h / 65 s is 1329.
    BOOST_TEST(attempts > 1250);
    BOOST_TEST(attempts < 1450);
}

BOOST_AUTO_TEST_CASE(a_day_with_a_wrong_token_is_neither_silent_nor_a_storm)
{
    connect_failure denied;
    denied.stage = connect_stage::upgrade;
    denied.error = make_error_code(errc::upgrade_refused);
    denied.http_status = 401;

    backoff b({}, 5);
    clock::time_point now{};
    const auto end = now + 24h;
    int attempts = 0;
    int loud = 0;
    while (now < end) {
        const auto d = b.next(denied, now);
        BOOST_TEST((d.kind == backoff_decision::configuration));
        BOOST_TEST((d.delay >= 24s && d.delay <= 18min));
        loud += d.loud;
        now += d.delay;
        ++attempts;
    }
    BOOST_TEST(attempts >= 80);
    BOOST_TEST(attempts <= 130);
    BOOST_TEST(loud >= 18);
    BOOST_TEST(loud <= 24);
}

BOOST_AUTO_TEST_CASE(each_kind_of_trouble_is_loud_by_itself)
{
    backoff b({}, 6);
    connect_failure denied = refused_tcp();
    denied.error = make_error_code(errc::upgrade_refused);
    denied.http_status = 403;
    connect_failure certificate = refused_tcp();
    certificate.error = make_error_code(errc::certificate_rejected);
    const clock::time_point now{};
    BOOST_TEST(b.next(denied, now).loud);
    BOOST_TEST(!b.next(denied, now + 59min).loud);
    BOOST_TEST(b.next(certificate, now + 59min).loud);
    BOOST_TEST(b.next(denied, now + 60min).loud);
}

BOOST_AUTO_TEST_CASE(close_codes)
{
    using d = backoff_decision;
    struct {
        std::uint16_t code;
        d::class_type kind;
        clock::duration least;
        clock::duration most;
    } const cases[] = {
        {0, d::passing, 0s, 1s},
        {1000, d::passing, 0s, 1s},
        {1001, d::passing, 0s, 1s},
        {1011, d::passing, 0s, 1s},
        {1012, d::told_to_wait, 5s, 6s},
        {1013, d::told_to_wait, 5s, 6s},
        {1008, d::configuration, 24s, 36s},
        {4000, d::passing, 0s, 1s},
        {4401, d::configuration, 24s, 36s},
        {4403, d::configuration, 24s, 36s},
        {4404, d::passing, 0s, 1s},
    };
    for (const auto& c : cases) {
        backoff b({}, 7);
        const auto got = b.next(lost_with(c.code), 1h, true, {});
        BOOST_TEST_CONTEXT("close code " << c.code)
        {
            BOOST_TEST(to_string(got.kind) == to_string(c.kind));
            BOOST_TEST((got.delay >= c.least && got.delay <= c.most));
            BOOST_TEST(got.loud == (c.kind == d::configuration));
        }
    }
}

BOOST_AUTO_TEST_CASE(http_statuses_and_errors)
{
    using d = backoff_decision;
    struct {
        errc error;
        unsigned status;
        d::class_type kind;
    } const cases[] = {
        {errc::upgrade_refused, 200, d::configuration},
        {errc::upgrade_refused, 302, d::configuration},
        {errc::upgrade_refused, 400, d::configuration},
        {errc::upgrade_refused, 401, d::configuration},
        {errc::upgrade_refused, 403, d::configuration},
        {errc::upgrade_refused, 404, d::configuration},
        {errc::upgrade_refused, 408, d::passing},
        {errc::upgrade_refused, 429, d::passing},
        {errc::upgrade_refused, 500, d::passing},
        {errc::upgrade_refused, 503, d::passing},
        {errc::upgrade_invalid, 101, d::configuration},
        {errc::certificate_rejected, 0, d::configuration},
        {errc::invalid_url, 0, d::configuration},
        {errc::resolve_timeout, 0, d::passing},
        {errc::connect_timeout, 0, d::passing},
        {errc::tls_timeout, 0, d::passing},
        {errc::upgrade_timeout, 0, d::passing},
        {errc::connection_lost, 0, d::passing},
    };
    for (const auto& c : cases) {
        backoff b({}, 8);
        connect_failure f;
        f.error = make_error_code(c.error);
        f.http_status = c.status;
        BOOST_TEST_CONTEXT(f.error.message() << " " << c.status)
        {
            BOOST_TEST(to_string(b.next(f, {}).kind) == to_string(c.kind));
        }
    }
}

BOOST_AUTO_TEST_CASE(retry_after_is_honoured)
{
    backoff b({}, 9);
    connect_failure f;
    f.error = make_error_code(errc::upgrade_refused);
    f.http_status = 503;
    f.retry_after = 7s;
    for (int i = 0; i < 100; ++i) {
        const auto d = b.next(f, {});
        BOOST_TEST(to_string(d.kind) == "told_to_wait");
        BOOST_TEST((d.delay >= 7s && d.delay <= 8400ms));
        BOOST_TEST(!d.loud);
    }
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_named)
{
    const auto field_of = [](auto change) {
        backoff_options o;
        change(o);
        const auto p = validate(o);
        return p ? p->field : std::string();
    };
    BOOST_TEST(field_of([](auto&) {}) == "");
    BOOST_TEST(field_of([](auto& o) { o.initial = 9ms; }) == "backoff.initial");
    BOOST_TEST(field_of([](auto& o) { o.max = 999ms; }) == "backoff.initial");
    BOOST_TEST(field_of([](auto& o) { o.factor = 0.9; }) == "backoff.factor");
    BOOST_TEST(field_of([](auto& o) { o.factor = std::numeric_limits<double>::quiet_NaN(); }) ==
               "backoff.factor");
    BOOST_TEST(field_of([](auto& o) { o.jitter = 1; }) == "backoff.jitter");
    BOOST_TEST(field_of([](auto& o) { o.reset_after = -1ms; }) == "backoff.reset_after");
    BOOST_TEST(field_of([](auto& o) { o.configuration_max = 1s; }) ==
               "backoff.configuration_initial");
    BOOST_TEST(field_of([](auto& o) { o.restart_min = -1ms; }) == "backoff.restart_min");
    BOOST_TEST(field_of([](auto& o) { o.loud_every = 0ms; }) == "backoff.loud_every");
    backoff_options bad;
    bad.factor = 0;
    BOOST_CHECK_THROW(backoff(bad, 1), failure);
}

BOOST_AUTO_TEST_SUITE_END()
