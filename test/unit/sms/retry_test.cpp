// What is sent again, when, and how often (reliability.md 3.1, 3.3, 3.4; F46 to F48).
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using words = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(retry)

BOOST_AUTO_TEST_CASE(every_step_is_durable_before_the_next)
{
    tracker_rig r;
    r.send();
    BOOST_TEST(r.journal == (words{"store accepted", "store sending", "transmit", "answer"}));
    r.journal.clear();
    r.disk_waits = true;
    r.fail();
    BOOST_TEST(r.journal == words{"store waiting_retry"});
    r.run(10s);
    BOOST_TEST(r.journal == words{"store waiting_retry"});  // its timer has not begun
    r.finish_stores();
    BOOST_TEST(r.journal == (words{"store waiting_retry", "store sending"}));
    r.run(10s);
    BOOST_TEST(r.frames.size() == 1u);
    r.finish_stores();
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(nobody_hears_accepted_before_it_is_on_disk)
{
    tracker_rig r;
    r.disk_waits = true;
    BOOST_TEST(r.submit().value().pending);
    r.run(1min);
    BOOST_TEST(r.answers.empty());
    r.finish_stores();  // accepted
    BOOST_TEST(r.frames.empty());
    r.finish_stores();  // sending
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(r.answers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(F46_a_second_frame_with_the_same_content)
{
    tracker_rig r;
    const auto id = r.send();
    r.fail();
    r.run(40s);
    BOOST_REQUIRE(r.frames.size() == 2u);
    const auto delay = r.frames[1].when - r.frames[0].when;
    BOOST_TEST((delay >= 2000ms && delay <= 2400ms));  // 2 s, since the spacing is 2 s
    BOOST_TEST((r.frames[0].content == r.frames[1].content));
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
    BOOST_TEST(r.outcome(id).attempts == 2u);
}

BOOST_AUTO_TEST_CASE(F47_four_frames_and_no_more)
{
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        tracker_rig r({}, seed);
        const auto id = r.send();
        std::vector<clock::duration> delays;
        for (int n = 0; n < 3; ++n) {
            r.run(5s);
            const auto failed = r.at.now;
            BOOST_TEST(r.fail().will_retry);
            const auto before = r.frames.size();
            while (r.frames.size() == before)
                r.run(10ms);
            delays.push_back(r.frames.back().when - failed);
        }
        BOOST_TEST((delays[0] >= 1600ms && delays[0] <= 2400ms));
        BOOST_TEST((delays[1] >= 6400ms && delays[1] <= 9600ms));
        BOOST_TEST((delays[2] >= 24s && delays[2] <= 36s));
        BOOST_TEST(!r.fail().will_retry);
        BOOST_TEST((r.outcome(id).state == sms_state::failed));  // T19
        BOOST_TEST((r.outcome(id).reason == sms_reason::smsc_unavailable));
        BOOST_TEST(r.outcome(id).attempts == 4u);
        r.run(10min);
        BOOST_TEST(r.frames.size() == 4u);
        BOOST_TEST(r.outcomes_of(id) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(delays_differ_from_seed_to_seed)
{
    std::vector<std::chrono::milliseconds> seen;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        tracker_rig r({}, seed);
        r.send();
        seen.push_back(r.fail().retry_in);
    }
    std::sort(seen.begin(), seen.end());
    BOOST_TEST((seen.back() - seen.front() > 300ms));
}

BOOST_AUTO_TEST_CASE(F48_every_other_reason_is_final)
{
    for (const auto* reason : {"sender_not_allowed", "insufficient_balance", "no_sms_extension",
                               "unknown", "quota_exceeded", "SMSC_UNAVAILABLE", ""}) {
        tracker_rig r;
        const auto id = r.send();
        BOOST_TEST(!r.fail(reason).will_retry);
        r.run(10min);
        BOOST_TEST(r.frames.size() == 1u);
        BOOST_TEST((r.outcome(id).state == sms_state::failed));
        BOOST_TEST(r.outcome(id).failed());
        BOOST_TEST(r.outcome(id).reason_text == reason);
    }
}

BOOST_AUTO_TEST_CASE(a_message_can_forbid_its_retry)
{
    tracker_rig r;
    const auto id = r.send("text", {.retry = false});
    BOOST_TEST(!r.fail().will_retry);
    BOOST_TEST((r.outcome(id).state == sms_state::failed));
    sms_rules never;
    never.max_attempts = 1;
    tracker_rig all(never);
    all.send();
    BOOST_TEST(!all.fail().will_retry);
}

BOOST_AUTO_TEST_CASE(no_attempt_after_the_age_limit)
{
    tracker_rig r;
    const auto id = r.send("text", {.max_age = 5s});
    r.run(4s);
    BOOST_TEST(!r.fail().will_retry);
    BOOST_TEST((r.outcome(id).state == sms_state::failed));
    r.run(10s);
    // While it waits for its session, it grows too old.
    const auto other = r.send("other", {.max_age = 20s}, someone_else);
    r.gap();
    r.fail("smsc_unavailable", someone_else);
    r.run(21s);
    BOOST_TEST((r.outcome(other).state == sms_state::expired));
    BOOST_TEST((r.outcome(other).reason == sms_reason::smsc_unavailable));
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(frames_to_one_number_are_two_seconds_apart_over_all_sessions)
{
    tracker_rig r(tracker_rig::uncapped());
    for (int n = 0; n < 5; ++n) {
        const auto call = "call" + std::to_string(n);
        r.up(call);
        r.send("text", {}, someone, call);
    }
    r.run(20s);
    BOOST_REQUIRE(r.frames.size() == 5u);
    for (std::size_t n = 1; n < r.frames.size(); ++n)
        BOOST_TEST((r.frames[n].when - r.frames[n - 1].when >= 2s));
}

BOOST_AUTO_TEST_CASE(slow_storage_does_not_bring_frames_closer)
{
    tracker_rig r(tracker_rig::uncapped());
    r.up("b");
    r.disk_waits = true;
    r.submit("text");
    r.submit("text", {}, someone, "b");
    for (int n = 0; n < 100; ++n) {
        r.finish_stores();
        r.run(100ms);
    }
    BOOST_REQUIRE(r.frames.size() == 2u);
    BOOST_TEST((r.frames[1].when - r.frames[0].when >= 2s));
}

BOOST_AUTO_TEST_CASE(the_hold_ends_after_five_seconds)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    r.run(4s);
    r.send("two");
    r.run(4900ms);
    BOOST_TEST(r.frames.size() == 1u);
    r.run(100ms);
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_retry_takes_its_turn_as_well)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two");
    r.fail();  // of the first; the second goes when the spacing allows
    r.run(2s);
    BOOST_REQUIRE(r.frames.size() == 2u);
    BOOST_TEST((r.frames[1].key.id == two));
    r.run(4s);  // due at about 2 s, held while the second is in flight, 5 s at most
    BOOST_TEST(r.frames.size() == 2u);
    r.run(2s);
    BOOST_TEST(r.frames.size() == 3u);
}

BOOST_AUTO_TEST_CASE(settled_after_the_window_and_not_before)
{
    tracker_rig r;
    const auto id = r.send();
    r.run(29'999ms);
    BOOST_TEST(r.outcomes.empty());
    r.run(1ms);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
    BOOST_TEST(!r.outcome(id).failed());
    BOOST_TEST(!r.outcome(id).handed_off);
}

BOOST_AUTO_TEST_CASE(the_window_begins_when_the_kernel_has_the_frame)
{
    tracker_rig r;
    r.writes = false;
    const auto id = r.send();
    r.run(1min);
    BOOST_TEST(r.outcomes.empty());
    r.tracker->written(r.at, r.last_key());
    r.run(30s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(a_retry_can_wait_for_an_event_to_answer)
{
    sms_rules rules;
    rules.retry_with_next_event = true;
    tracker_rig r(rules);
    r.send();
    r.fail();
    r.tracker->session_answerable(r.at, "call");  // before its time
    r.settle();
    r.run(1min);
    BOOST_TEST(r.frames.size() == 1u);
    r.tracker->session_answerable(r.at, "other");
    r.settle();
    BOOST_TEST(r.frames.size() == 1u);
    r.tracker->session_answerable(r.at, "call");
    r.settle();
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
