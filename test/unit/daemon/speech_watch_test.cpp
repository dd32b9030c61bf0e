#include "daemon/speech_watch.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

const clock::time_point start{1h};

bool silent(speech_watch& w, clock::duration at)
{
    return !w.silent_by(start + at);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(speech_watch_suite)

BOOST_AUTO_TEST_CASE(it_is_silent_at_first)
{
    speech_watch w;
    BOOST_TEST(silent(w, 0s));
    w.ended(start);
    BOOST_TEST(silent(w, 0s));
}

BOOST_AUTO_TEST_CASE(an_end_that_is_told_counts)
{
    speech_watch w;
    w.begun(start, 10s);
    BOOST_TEST((w.silent_by(start + 1s) == start + 10s));
    w.ended(start + 2s);
    BOOST_TEST(silent(w, 2s));
}

BOOST_AUTO_TEST_CASE(an_end_that_is_not_told_comes_at_the_latest_time)
{
    speech_watch w;
    w.begun(start, 10s);
    BOOST_TEST(!silent(w, 9999ms));
    BOOST_TEST(silent(w, 10s));
}

BOOST_AUTO_TEST_CASE(speech_waits_for_its_turn)
{
    speech_watch w;
    w.begun(start, 10s);
    w.begun(start + 1s, 5s);
    BOOST_TEST((w.silent_by(start + 1s) == start + 15s));
    w.ended(start + 3s);
    BOOST_TEST((w.silent_by(start + 3s) == start + 8s));
    w.ended(start + 4s);
    BOOST_TEST(silent(w, 4s));
}

BOOST_AUTO_TEST_CASE(an_end_that_was_missed_is_not_waited_for)
{
    speech_watch w;
    w.begun(start, 5s);
    w.begun(start + 20s, 5s);
    w.ended(start + 22s);
    BOOST_TEST(silent(w, 22s));
}

BOOST_AUTO_TEST_CASE(the_end_of_what_was_stopped_is_not_that_of_what_follows)
{
    speech_watch w;
    w.begun(start, 10s);
    w.silenced(start + 1s);
    BOOST_TEST(silent(w, 1s));
    w.begun(start + 1s, 5s);
    w.ended(start + 1200ms);
    BOOST_TEST(!silent(w, 1200ms));
    w.ended(start + 1300ms);  // the second one is meant
    BOOST_TEST(silent(w, 1300ms));
}

BOOST_AUTO_TEST_CASE(stopping_nothing_makes_it_deaf_for_nothing)
{
    speech_watch w;
    w.silenced(start);
    w.begun(start, 5s);
    w.ended(start + 100ms);
    BOOST_TEST(silent(w, 100ms));
}

BOOST_AUTO_TEST_SUITE_END()
