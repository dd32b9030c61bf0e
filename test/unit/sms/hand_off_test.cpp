// What is known of a frame when its connection ends, and what follows (reliability.md 3.5;
// design.md 5, "proof of hand-off").
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

void hand_off(tracker_rig& r)
{
    r.tracker->handed_off(r.at, r.last_key());
    r.settle();
}

void not_written(tracker_rig& r, bool touched)
{
    r.tracker->not_written(r.at, r.last_key(), touched);
    r.settle();
}

const sms_options twice{.duplicate_ok = true};

}  // namespace

BOOST_AUTO_TEST_SUITE(hand_off_of_sms)

BOOST_AUTO_TEST_CASE(the_outcome_tells_whether_the_peer_had_it)
{
    tracker_rig r;
    const auto id = r.send();
    hand_off(r);
    BOOST_TEST((r.record(id).state == sms_state::handed_off));
    r.gap();
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    BOOST_TEST(r.outcome(id).handed_off);
}

BOOST_AUTO_TEST_CASE(the_time_until_the_proof_is_counted_once)
{
    tracker_rig r;
    r.send();
    r.run(25ms);
    hand_off(r);
    r.run(1s);
    hand_off(r);
    const auto took = r.tracker->statistics().hand_off_time;
    BOOST_TEST(took.total() == 1u);
    BOOST_TEST(took.counts[3] == 1u);  // more than 10 ms, at most 30 ms
    BOOST_TEST((took.sum == 25ms));
}

BOOST_AUTO_TEST_CASE(each_attempt_has_its_own_time_until_the_proof)
{
    tracker_rig r;
    r.send();
    r.run(100ms);
    hand_off(r);
    r.fail();
    r.run(10s);
    BOOST_REQUIRE(r.frames.size() == 2u);
    hand_off(r);
    BOOST_TEST(r.tracker->statistics().hand_off_time.total() == 2u);
}

BOOST_AUTO_TEST_CASE(a_frame_that_touched_nothing_is_no_attempt)
{
    tracker_rig r;
    r.writes = false;
    const auto id = r.send();
    r.gap();
    not_written(r, false);
    BOOST_TEST((r.record(id).state == sms_state::accepted));
    BOOST_TEST(r.record(id).attempts.empty());
    r.run(10s);
    r.writes = true;
    r.up();
    BOOST_REQUIRE(r.frames.size() == 2u);
    BOOST_TEST(r.last_key().attempt == 1u);
    r.run(31s);
    BOOST_TEST(r.outcome(id).attempts == 1u);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(one_that_touched_nothing_and_has_no_session_is_abandoned)
{
    tracker_rig r;
    r.writes = false;
    const auto id = r.send();
    r.over();
    not_written(r, false);
    BOOST_TEST((r.outcome(id).state == sms_state::abandoned));
    BOOST_TEST(r.outcome(id).attempts == 0u);
}

BOOST_AUTO_TEST_CASE(a_frame_that_was_cut_is_unobserved)
{
    tracker_rig r;
    r.writes = false;
    const auto id = r.send();
    r.gap();
    not_written(r, true);
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    BOOST_TEST(r.outcome(id).attempts == 1u);
    r.up();
    r.run(10min);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(duplicate_ok_repeats_a_cut_frame_once)
{
    tracker_rig r;
    r.writes = false;
    const auto id = r.send("text", twice);
    r.gap();
    not_written(r, true);
    BOOST_TEST(r.outcomes.empty());
    r.run(10s);
    r.up();
    BOOST_REQUIRE(r.frames.size() == 2u);
    BOOST_TEST(r.last_key().attempt == 2u);
    r.gap();
    not_written(r, true);
    r.up();
    r.run(10min);
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    BOOST_TEST(r.outcome(id).attempts == 2u);
}

// Found by fuzz_sms: it was an orphan, and what had failed for good was sent again.
BOOST_AUTO_TEST_CASE(a_failure_of_a_lost_frame_is_heard_before_it_is_repeated)
{
    tracker_rig r;
    r.writes = false;
    const auto id = r.send("text", twice);
    not_written(r, true);  // the session is still up; 2 s between two frames to one number
    r.run(1s);
    BOOST_REQUIRE(r.frames.size() == 1u);
    const auto f = r.fail("unknown");
    BOOST_TEST((f.match == sms_match::matched));
    BOOST_TEST(f.attempt == 1u);
    r.run(10min);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST((r.outcome(id).state == sms_state::failed));
    BOOST_TEST(!r.outcome(id).ambiguous);

    // Likewise while the repetition is being stored.
    tracker_rig storing;
    storing.writes = false;
    const auto other = storing.send("text", twice);
    not_written(storing, true);
    storing.disk_waits = true;
    storing.run(3s);
    BOOST_TEST((storing.fail("unknown").match == sms_match::matched));
    storing.disk_waits = false;
    storing.finish_stores();
    storing.run(10min);
    BOOST_TEST(storing.frames.size() == 1u);
    BOOST_TEST((storing.outcome(other).state == sms_state::failed));
    BOOST_TEST(storing.outcome(other).attempts == 1u);
}

BOOST_AUTO_TEST_CASE(duplicate_ok_repeats_what_was_written_but_not_proven)
{
    tracker_rig r;
    const auto id = r.send("text", twice);
    r.run(5s);
    r.gap();
    r.run(5s);
    r.up();
    BOOST_TEST(r.frames.size() == 2u);
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
    BOOST_TEST(r.outcomes_of(id) == 1u);
}

BOOST_AUTO_TEST_CASE(duplicate_ok_repeats_nothing_that_the_peer_had)
{
    tracker_rig r;
    const auto id = r.send("text", twice);
    hand_off(r);
    r.gap();
    r.run(5s);
    r.up();
    r.run(31s);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(by_default_nothing_is_repeated)
{
    tracker_rig r;
    const auto id = r.send();
    r.gap();
    r.run(5s);
    r.up();
    r.run(31s);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(duplicate_ok_needs_a_live_session)
{
    tracker_rig r;
    const auto id = r.send("text", twice);
    r.gap();
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_repetition_that_cannot_go_leaves_the_first_unobserved)
{
    tracker_rig r;
    r.send("text", twice);
    r.gap();
    r.disk_waits = true;
    r.up();
    const auto id = r.last_key().id;
    r.over();
    BOOST_TEST((r.outcome(id).state == sms_state::unobserved));
    BOOST_TEST(r.outcome(id).attempts == 1u);
    r.finish_stores();
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_failure_of_a_repetition_does_not_prove_that_nothing_was_sent)
{
    tracker_rig r;
    const auto id = r.send("text", twice);
    r.gap();
    r.run(3s);
    r.up();
    r.fail("unknown");
    BOOST_TEST((r.outcome(id).state == sms_state::failed));
    BOOST_TEST(r.outcome(id).ambiguous);
}

BOOST_AUTO_TEST_CASE(a_session_that_moves_while_its_connection_lives_repeats_nothing)
{
    tracker_rig r;
    r.send("text", twice);
    r.up();
    r.run(31s);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_host_without_a_connection_is_asked_again_later)
{
    tracker_rig r;
    r.connected = false;
    const auto id = r.send();
    BOOST_TEST(r.answers.size() == 1u);
    BOOST_TEST(r.frames.empty());
    r.run(10s);
    BOOST_TEST(r.journal.size() < 50u);  // it is not asked without a pause
    r.connected = true;
    r.run(1s);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(r.last_key().attempt == 1u);
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(what_comes_too_late_is_ignored)
{
    tracker_rig r;
    const auto id = r.send();
    const auto key = r.last_key();
    r.fail("unknown");
    r.tracker->written(r.at, key);
    r.tracker->handed_off(r.at, key);
    r.tracker->not_written(r.at, key, false);
    r.tracker->not_transmitted(r.at, key);
    r.tracker->written(r.at, {sms_id{99}, 1});
    r.settle();
    r.run(1min);
    BOOST_TEST(r.outcomes_of(id) == 1u);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
