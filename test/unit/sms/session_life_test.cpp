// What the end of a session, a lost connection and a transfer do (reliability.md 3.5, 3.6; F50).
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

BOOST_AUTO_TEST_SUITE(session_life)

BOOST_AUTO_TEST_CASE(T8_the_end_abandons_a_retry)
{
    tracker_rig r;
    const auto id = r.send();
    r.fail();
    BOOST_TEST(r.tracker->has_open("call"));
    r.over();
    BOOST_TEST((r.outcome(id).state == sms_state::abandoned));
    BOOST_TEST((r.outcome(id).reason == sms_reason::smsc_unavailable));
    BOOST_TEST(r.outcome(id).failed());
    BOOST_TEST(!r.tracker->has_open("call"));
    r.run(10min);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_end_abandons_what_is_held)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two");
    r.over();
    BOOST_TEST((r.outcome(two).state == sms_state::abandoned));
    BOOST_TEST((r.outcome(two).reason == sms_reason::none));
    BOOST_TEST(r.outcome(two).attempts == 0u);
    r.run(10min);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_window_goes_on_after_the_end)
{
    tracker_rig r;
    const auto id = r.send();
    r.run(10s);
    r.over();
    r.run(19s);
    BOOST_TEST(r.outcomes.empty());
    r.run(1s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(T10_a_failure_after_the_end_resolves_and_sends_nothing)
{
    tracker_rig r;
    const auto id = r.send();
    r.over();
    const auto f = r.fail();
    BOOST_TEST((f.id == id));
    BOOST_TEST(!f.will_retry);
    BOOST_TEST((r.outcome(id).state == sms_state::abandoned));
    r.run(10min);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_late_failure_after_the_end_is_abandoned)
{
    tracker_rig r;
    const auto id = r.send();
    r.over();
    r.run(1min);
    r.fail();
    BOOST_TEST((r.outcome(id).state == sms_state::abandoned));
    BOOST_TEST(r.outcome(id).corrected);
    r.run(20min);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(r.tracker->remembered().sessions == 0u);
}

BOOST_AUTO_TEST_CASE(an_end_while_it_is_being_stored)
{
    tracker_rig r;
    r.disk_waits = true;
    const auto id = r.submit().value().ticket.id;
    r.over();
    BOOST_TEST(r.outcomes.empty());  // it is not accepted yet
    r.finish_stores();
    BOOST_TEST(r.answers.size() == 1u);
    BOOST_TEST((r.outcome(id).state == sms_state::abandoned));

    tracker_rig later;
    later.disk_waits = true;
    const auto other = later.submit().value().ticket.id;
    later.finish_stores();  // accepted; `sending` is on its way
    later.over();
    BOOST_TEST((later.outcome(other).state == sms_state::abandoned));
    BOOST_TEST(later.outcome(other).attempts == 0u);
    later.finish_stores();
    BOOST_TEST(later.frames.empty());
    BOOST_TEST(later.outcomes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(T9_a_second_start_keeps_what_waits)
{
    tracker_rig r;
    r.send();
    r.fail();
    r.up();
    r.run(3s);
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_call_that_comes_back_after_its_end_may_send_again)
{
    tracker_rig r;
    r.send();
    r.over();
    BOOST_TEST((r.submit("two").error().code == errc::session_over));
    r.up();
    r.run(31s);
    r.send("two");
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_hangup_flushes_what_is_held)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    r.run(2s);
    const auto two = r.send("two");
    BOOST_TEST(r.frames.size() == 1u);
    r.tracker->flush_held(r.at, "call");
    r.settle();
    BOOST_REQUIRE(r.frames.size() == 2u);
    BOOST_TEST((r.last_key().id == two));
    r.over();
    r.run(1min);
    BOOST_TEST((r.outcome(two).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(a_hangup_does_not_hurry_a_retry)
{
    tracker_rig r;
    r.send();
    r.fail();
    r.tracker->flush_held(r.at, "call");
    r.settle();
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_retry_after_a_transfer_says_so)
{
    tracker_rig r;
    const auto id = r.send();
    r.tracker->session_transferred(r.at, "call");
    r.fail();
    r.run(40s);
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
    BOOST_TEST(r.outcome(id).after_transfer);

    tracker_rig before;
    const auto other = before.send();
    before.tracker->session_transferred(before.at, "call");
    before.run(40s);
    BOOST_TEST(!before.outcome(other).after_transfer);
}

BOOST_AUTO_TEST_CASE(T18_a_session_that_is_back_in_time_has_the_rest_of_its_window)
{
    tracker_rig r;
    const auto id = r.send();
    r.run(10s);
    r.gap();
    r.run(29s);
    BOOST_TEST(r.outcomes.empty());
    r.up();
    r.run(19s);
    BOOST_TEST(r.outcomes.empty());
    r.run(1s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(T18_one_that_does_not_return_leaves_its_messages_unobserved_or_abandoned)
{
    tracker_rig r(tracker_rig::uncapped());
    const auto one = r.send("one");
    const auto two = r.send("two", {}, someone_else);
    const auto three = r.send("three");
    r.fail("smsc_unavailable", someone_else);
    r.gap();
    r.run(29s);
    BOOST_TEST(r.outcomes.empty());
    r.run(1s);
    BOOST_TEST((r.outcome(one).state == sms_state::unobserved));
    BOOST_TEST(!r.outcome(one).failed());
    BOOST_TEST((r.outcome(two).state == sms_state::abandoned));
    BOOST_TEST((r.outcome(two).reason == sms_reason::smsc_unavailable));
    BOOST_TEST((r.outcome(three).state == sms_state::abandoned));
    r.run(10min);
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_retry_waits_for_the_connection_and_uses_no_attempt)
{
    tracker_rig r;
    const auto id = r.send();
    r.fail();
    r.gap();
    r.run(20s);
    BOOST_TEST(r.frames.size() == 1u);
    r.up();
    BOOST_TEST(r.frames.size() == 2u);
    BOOST_TEST(r.last_key().attempt == 2u);
    r.run(40s);
    BOOST_TEST(r.outcome(id).attempts == 2u);
}

BOOST_AUTO_TEST_CASE(after_the_end_the_window_needs_somebody_who_listens)
{
    tracker_rig r;
    const auto id = r.send();
    r.run(20s);
    r.over();
    r.tracker->vendor_reachable(r.at, false);
    r.run(20s);
    r.tracker->vendor_reachable(r.at, true);
    r.run(9s);
    BOOST_TEST(r.outcomes.empty());
    r.run(1s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));

    tracker_rig deaf;
    const auto other = deaf.send();
    deaf.over("call", false);
    deaf.run(30s);
    BOOST_TEST((deaf.outcome(other).state == sms_state::unobserved));
}

BOOST_AUTO_TEST_CASE(a_stop_leaves_what_was_not_written_for_the_next_process)
{
    tracker_rig r(tracker_rig::uncapped());
    const auto one = r.send("one");
    const auto two = r.send("two");
    r.tracker->stop(r.at);
    r.settle();
    BOOST_TEST((r.outcome(one).state == sms_state::unobserved));
    BOOST_TEST(r.outcomes_of(two) == 0u);
    BOOST_TEST((r.record(two).state == sms_state::accepted));
    BOOST_TEST((r.submit("three").error().code == errc::shutting_down));
    BOOST_TEST(!r.tracker->next_deadline());
}

BOOST_AUTO_TEST_SUITE_END()
