// Which SMS a failure is about (reliability.md 3.2; protocol.md 5.6 and section 10).
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using about = sms_command::note::about;

BOOST_AUTO_TEST_SUITE(matching)

BOOST_AUTO_TEST_CASE(T1_a_failure_of_the_one_in_flight_is_retried)
{
    tracker_rig r;
    const auto id = r.send();
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(r.frames[0].content.phone_number.digits() == someone);
    const auto f = r.fail("smsc_unavailable", "4915112345678");
    BOOST_TEST((f.match == sms_match::matched));
    BOOST_TEST((f.id == id));
    BOOST_TEST(f.attempt == 1u);
    BOOST_TEST(f.will_retry);
    r.run(2400ms);
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST((r.frames[1].content == r.frames[0].content));
}

BOOST_AUTO_TEST_CASE(numbers_are_compared_by_their_digits)
{
    for (const auto* spelling : {"4915112345678", "+4915112345678", "+49 151 1234 5678"}) {
        tracker_rig r;
        r.send();
        BOOST_TEST((r.fail("unknown", spelling).match == sms_match::matched));
    }
    for (const auto* other : {"4915112345679", "15112345678"}) {
        tracker_rig r;
        r.send();
        BOOST_TEST((r.fail("unknown", other).match == sms_match::orphan));
    }
}

BOOST_AUTO_TEST_CASE(T3_an_undocumented_reason_is_kept_and_final)
{
    tracker_rig r;
    const auto id = r.send();
    const auto f = r.fail("quota_exceeded");
    BOOST_TEST(!f.will_retry);
    BOOST_TEST((r.outcome(id).state == sms_state::failed));
    BOOST_TEST((r.outcome(id).reason == sms_reason::other));
    BOOST_TEST(r.outcome(id).reason_text == "quota_exceeded");
}

BOOST_AUTO_TEST_CASE(T4_two_texts_in_flight_cannot_be_told_apart)
{
    tracker_rig r(tracker_rig::uncapped());
    const auto one = r.send("one");
    const auto two = r.send("two");
    r.run(5s);
    BOOST_TEST(r.frames.size() == 2u);
    const auto f = r.fail();
    BOOST_TEST((f.match == sms_match::ambiguous));
    BOOST_TEST(!f.id);
    BOOST_TEST(!f.will_retry);
    BOOST_TEST(r.notes(about::ambiguous) == 1u);
    r.run(1min);
    BOOST_TEST(r.frames.size() == 2u);
    for (const auto id : {one, two}) {
        BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
        BOOST_TEST(r.outcome(id).ambiguous);
        BOOST_TEST((r.outcome(id).reason == sms_reason::smsc_unavailable));
        BOOST_TEST(r.outcomes_of(id) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(T5_the_second_text_waits_until_the_first_is_resolved)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two");
    r.run(3s);
    BOOST_TEST(r.frames.size() == 1u);
    r.fail("unknown");
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST((r.fail("unknown").id == two));
}

BOOST_AUTO_TEST_CASE(texts_to_different_numbers_do_not_wait_for_each_other)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two", {}, someone_else);
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST((r.fail("unknown", someone_else).id == two));
}

BOOST_AUTO_TEST_CASE(a_number_stays_ambiguous_until_both_windows_have_ended)
{
    tracker_rig r(tracker_rig::uncapped());
    const auto one = r.send("one");
    const auto two = r.send("two");
    r.run(31s);  // the first is settled, the second is not
    BOOST_TEST(r.outcomes_of(one) == 1u);
    BOOST_TEST(r.outcomes_of(two) == 0u);
    BOOST_TEST((r.fail().match == sms_match::ambiguous));
    BOOST_TEST(r.outcomes_of(one) == 2u);
    BOOST_TEST(r.outcome(one).corrected);
    BOOST_TEST(r.outcome(one).ambiguous);
    BOOST_TEST((r.outcome(one).state == sms_state::assumed_sent));
    r.run(10s);
    BOOST_TEST(r.outcome(two).ambiguous);
    // From here on the number is as any other.
    r.run(21s);
    const auto three = r.send("three");
    BOOST_TEST((r.fail("unknown").id == three));
}

BOOST_AUTO_TEST_CASE(equal_texts_count_from_the_oldest)
{
    tracker_rig r(tracker_rig::uncapped());
    const auto one = r.send("same", {.client_ref = "a"});
    const auto two = r.send("same", {.client_ref = "b"});
    r.run(5s);
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST((r.fail("unknown").id == one));
    BOOST_TEST((r.fail("unknown").id == two));
    BOOST_TEST((r.fail("unknown").match == sms_match::orphan));
}

BOOST_AUTO_TEST_CASE(a_late_failure_corrects_and_is_retried)
{
    tracker_rig r;
    const auto id = r.send();
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
    const auto f = r.fail();
    BOOST_TEST((f.match == sms_match::late));
    BOOST_TEST((f.id == id));
    BOOST_TEST(f.will_retry);
    BOOST_TEST(r.outcomes_of(id) == 1u);
    r.run(3s);
    BOOST_TEST(r.frames.size() == 2u);
    r.run(31s);
    BOOST_TEST(r.outcomes_of(id) == 2u);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
    BOOST_TEST(r.outcome(id).corrected);
    BOOST_TEST(r.outcome(id).attempts == 2u);
    BOOST_TEST(r.notes(about::late) == 1u);
}

BOOST_AUTO_TEST_CASE(a_late_failure_that_must_not_be_retried_corrects_at_once)
{
    tracker_rig r;
    const auto id = r.send();
    r.run(9min);
    BOOST_TEST((r.fail("unknown").match == sms_match::late));
    BOOST_TEST((r.outcome(id).state == sms_state::failed));
    BOOST_TEST(r.outcome(id).corrected);
    // Safe to retry, but older than its age limit.
    tracker_rig old;
    const auto second = old.send();
    old.run(6min);
    BOOST_TEST(!old.fail().will_retry);
    BOOST_TEST((old.outcome(second).state == sms_state::failed));
}

BOOST_AUTO_TEST_CASE(a_failure_after_ten_minutes_is_nobodys)
{
    tracker_rig r;
    const auto id = r.send();
    r.run(11min);
    BOOST_TEST((r.fail().match == sms_match::orphan));
    BOOST_TEST(r.outcomes_of(id) == 1u);
}

BOOST_AUTO_TEST_CASE(an_unobserved_one_is_corrected_too)
{
    tracker_rig r;
    const auto id = r.send();
    r.gap();
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    r.up();
    BOOST_TEST((r.fail().match == sms_match::late));
    r.run(3s);
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(T6_a_missing_or_malformed_number_fits_the_only_one_of_the_session)
{
    for (const auto* missing :
         {"", "+", "anonymous", "004915112345678", "015112345678", "tel:4915112345678"}) {
        tracker_rig r;
        const auto id = r.send();
        BOOST_TEST((r.fail("unknown", missing).id == id));
    }
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    r.send("two", {}, someone_else);
    BOOST_TEST((r.fail("unknown", "").match == sms_match::ambiguous));
    r.run(1min);
    BOOST_TEST((r.fail("unknown", "").match == sms_match::orphan));
}

BOOST_AUTO_TEST_CASE(T7_a_failure_of_an_unknown_session_has_no_effect)
{
    tracker_rig r;
    const auto id = r.send();
    const auto f = r.fail("sender_not_allowed", someone, "elsewhere");
    BOOST_TEST((f.match == sms_match::orphan));
    BOOST_TEST(r.notes(about::orphan) == 1u);
    BOOST_TEST(r.notes(about::account_refused) == 0u);
    BOOST_TEST(r.tracker->statistics().orphans == 1u);
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(the_same_event_twice_counts_once)
{
    tracker_rig r;
    const auto id = r.send();
    r.fail();
    BOOST_TEST((r.fail().match == sms_match::orphan));
    r.run(31s + 3s);
    BOOST_TEST(r.outcome(id).attempts == 2u);
}

BOOST_AUTO_TEST_CASE(a_failure_may_be_faster_than_the_end_of_the_write)
{
    tracker_rig r;
    r.writes = false;
    const auto id = r.send();
    BOOST_TEST((r.fail("unknown").id == id));
    r.tracker->written(r.at, r.last_key());
    r.settle();
    r.run(1min);
    BOOST_TEST(r.outcomes_of(id) == 1u);
}

BOOST_AUTO_TEST_CASE(T20_the_detail_is_no_part_of_the_match)
{
    tracker_rig r;
    r.send("Your code is 4242.");
    const auto f = r.fail("unknown", someone, "call", "SMSC returned faultCode 403");
    BOOST_TEST(f.event.message == "SMSC returned faultCode 403");
    BOOST_TEST((f.match == sms_match::matched));
}

BOOST_AUTO_TEST_SUITE_END()
