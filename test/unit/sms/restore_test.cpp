// A new process reads what an earlier one left (reliability.md 3.6, "crash, start again").
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

BOOST_AUTO_TEST_SUITE(restoring)

BOOST_AUTO_TEST_CASE(what_was_in_flight_is_unobserved)
{
    tracker_rig r;
    const auto id = r.send();
    r.restart();
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    BOOST_TEST(r.outcome(id).attempts == 1u);
    r.up();
    r.run(10min);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(r.tracker->statistics().restored == 1u);
}

BOOST_AUTO_TEST_CASE(proof_of_hand_off_survives)
{
    tracker_rig r;
    const auto id = r.send("text", {.duplicate_ok = true});
    r.tracker->handed_off(r.at, r.last_key());
    r.settle();
    r.restart();
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    BOOST_TEST(r.outcome(id).handed_off);
    r.up();
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(duplicate_ok_is_repeated_when_its_session_is_back)
{
    tracker_rig r;
    const auto id = r.send("text", {.duplicate_ok = true});
    r.restart();
    BOOST_TEST(r.outcomes.empty());
    r.run(1min);
    BOOST_TEST(r.frames.size() == 1u);
    r.up();
    BOOST_TEST(r.frames.size() == 2u);
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));

    tracker_rig never;
    const auto other = never.send("text", {.duplicate_ok = true});
    never.restart();
    never.run(10min);
    BOOST_TEST((never.outcome(other).state == sms_state::unobserved));
    BOOST_TEST(never.outcomes_of(other) == 1u);
    BOOST_TEST(never.tracker->statistics().open == 0u);
}

BOOST_AUTO_TEST_CASE(a_late_failure_reaches_what_is_unobserved_since_the_start)
{
    tracker_rig r;
    const auto id = r.send();
    r.restart();
    r.up();
    const auto f = r.fail();
    BOOST_TEST((f.match == sms_match::late));
    BOOST_TEST(f.will_retry);
    r.run(40s);
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST(r.outcome(id).corrected);
}

BOOST_AUTO_TEST_CASE(what_was_accepted_waits_for_its_session)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two");  // held
    r.restart();
    r.run(4min);
    BOOST_TEST(r.outcomes_of(two) == 0u);
    r.up();
    BOOST_TEST(r.frames.size() == 2u);
    r.run(31s);
    BOOST_TEST((r.outcome(two).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(or_expires_or_is_abandoned)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two");
    r.restart();
    r.run(5min);
    BOOST_TEST((r.outcome(two).state == sms_state::expired));
    r.run(20min);
    BOOST_TEST(r.tracker->remembered().sessions == 0u);

    tracker_rig ended(tracker_rig::uncapped());
    ended.send("one");
    const auto other = ended.send("two");
    ended.restart();
    ended.over();
    BOOST_TEST((ended.outcome(other).state == sms_state::abandoned));
    BOOST_TEST(ended.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_retry_goes_on_with_its_time_and_its_attempts)
{
    tracker_rig r;
    const auto id = r.send();
    r.fail();
    r.restart();
    r.up();
    BOOST_TEST(r.frames.size() == 1u);
    r.run(3s);
    BOOST_REQUIRE(r.frames.size() == 2u);
    BOOST_TEST(r.last_key().attempt == 2u);
    r.run(31s);
    BOOST_TEST(r.outcome(id).attempts == 2u);
}

BOOST_AUTO_TEST_CASE(a_wall_clock_that_jumps_is_clamped)
{
    for (const auto jump : {clock::duration{-48h}, clock::duration{-1min}, clock::duration{1min}}) {
        tracker_rig r;
        const auto id = r.send();
        r.fail();
        r.at.wall += std::chrono::duration_cast<clock::wall_time::duration>(jump);
        r.restart();
        r.up();
        r.run(30s);  // the largest delay
        BOOST_TEST(r.frames.size() == 2u);
        r.run(31s);
        BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
    }
}

BOOST_AUTO_TEST_CASE(a_jump_while_it_runs_changes_nothing)
{
    tracker_rig r;
    const auto id = r.send();
    r.fail();
    r.at.wall += 48h;
    r.run(40s);
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(a_crash_between_accepted_and_sending_sends_once)
{
    tracker_rig r;
    r.disk_waits = true;
    const auto id = r.submit().value().ticket.id;
    r.finish_stores();  // accepted is on disk, sending is not
    r.disk_waits = false;
    r.restart();
    r.up();
    BOOST_TEST(r.frames.size() == 1u);
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(a_damaged_record_is_given_up)
{
    for (const auto* number : {"", "49", "4915112345678x"}) {
        tracker_rig r(tracker_rig::uncapped());
        const auto one = r.send("one", {.duplicate_ok = true});
        const auto two = r.send("two");
        for (const auto id : {one, two})
            r.disk.at(id.value).recipient = number;
        r.restart();
        r.up();
        BOOST_TEST((r.outcome(one).state == sms_state::unobserved));
        BOOST_TEST((r.outcome(two).state == sms_state::abandoned));
        BOOST_TEST(r.frames.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(rules_that_have_become_stricter_hold_for_what_is_restored)
{
    tracker_rig r;
    const auto id = r.send();
    r.fail();
    r.rules.max_attempts = 1;
    r.restart();
    BOOST_TEST((r.outcome(id).state == sms_state::failed));
    BOOST_TEST((r.outcome(id).reason == sms_reason::smsc_unavailable));
}

BOOST_AUTO_TEST_CASE(two_frames_to_one_number_stay_apart)
{
    sms_rules rules = tracker_rig::uncapped();
    rules.retry_delays = {10ms};
    tracker_rig r(rules);
    r.send();
    r.fail();
    r.restart();
    r.up();
    r.run(1999ms);
    BOOST_TEST(r.frames.size() == 1u);
    r.run(1ms);
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_session_s_caps_survive)
{
    tracker_rig r;
    for (const auto* text : {"one", "two", "three"}) {
        r.send(text);
        r.run(40s);
    }
    r.restart();
    r.up();
    BOOST_TEST((r.submit("four").error().code == errc::sms_session_messages));
}

BOOST_AUTO_TEST_CASE(none_waits_shorter_because_of_a_later_one_of_its_session)
{
    tracker_rig open(tracker_rig::uncapped());
    open.gap();
    open.send("one", {.max_age = 3600s});
    open.send("two");
    open.restart();
    open.run(20min);
    open.up();
    BOOST_TEST(open.frames.size() == 1u);

    tracker_rig cancelled(tracker_rig::uncapped());
    cancelled.gap();
    cancelled.send("one", {.max_age = 3600s});
    const auto two = cancelled.send("two", {}, someone_else);
    BOOST_TEST(cancelled.tracker->cancel(cancelled.at, two));
    cancelled.settle();
    cancelled.restart();
    cancelled.run(20min);
    cancelled.up();
    BOOST_TEST(cancelled.frames.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
