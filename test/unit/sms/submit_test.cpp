// The caller's key, duplicates, cancelling, and what is remembered (reliability.md 3.2, 3.5, 3.7).
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

BOOST_AUTO_TEST_SUITE(submitting)

BOOST_AUTO_TEST_CASE(F53_the_same_key_is_the_same_message)
{
    tracker_rig r;
    const auto first = r.submit("text", {.client_ref = "order 1"}).value().ticket;
    BOOST_TEST(!first.repeated);
    for (int n = 0; n < 2; ++n) {
        const auto again = r.submit("text", {.client_ref = "order 1"});
        BOOST_TEST(again.value().ticket.repeated);
        BOOST_TEST(!again.value().pending);
        BOOST_TEST((again.value().ticket.id == first.id));
        BOOST_TEST(again.value().ticket.segments == first.segments);
        r.run(40s);
    }
    r.restart();
    BOOST_TEST((r.submit("text", {.client_ref = "order 1"}).value().ticket.id == first.id));
    BOOST_TEST((r.submit("other", {.client_ref = "order 1"}).error().code ==
                errc::sms_client_ref_conflict));
    BOOST_TEST((r.submit("text", {.client_ref = "order 1"}, someone_else).error().code ==
                errc::sms_client_ref_conflict));
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(r.tracker->statistics().repeated == 1u);
}

BOOST_AUTO_TEST_CASE(a_repetition_waits_until_the_first_is_on_disk)
{
    tracker_rig r;
    r.disk_waits = true;
    const auto first = r.submit("text", {.client_ref = "k"}).value();
    const auto again = r.submit("text", {.client_ref = "k"}).value();
    BOOST_TEST(again.pending);
    BOOST_TEST((again.ticket.id == first.ticket.id));
}

BOOST_AUTO_TEST_CASE(a_key_is_forgotten_after_a_day)
{
    tracker_rig r;
    const auto first = r.send("text", {.client_ref = "k"});
    r.run(24h - 1ms);
    BOOST_TEST((r.submit("text", {.client_ref = "k"}).value().ticket.id == first));
    BOOST_TEST(r.tracker->outcome(first).has_value());
    r.run(1ms);
    BOOST_TEST((r.send("text", {.client_ref = "k"}) != first));
    BOOST_TEST(!r.tracker->knows(first));
}

BOOST_AUTO_TEST_CASE(the_same_text_is_suppressed_for_a_minute)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("text");
    BOOST_TEST((r.submit("text").error().code == errc::sms_duplicate_suppressed));
    BOOST_TEST(r.submit("text", {.client_ref = "own"}).has_value());
    BOOST_TEST(r.submit("text", {}, someone_else).has_value());
    r.up("b");
    BOOST_TEST(r.submit("text", {}, someone, "b").has_value());
    r.run(60s);
    BOOST_TEST(r.submit("text").has_value());
}

BOOST_AUTO_TEST_CASE(what_was_cancelled_suppresses_nothing)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two");
    BOOST_TEST(r.tracker->cancel(r.at, two));
    r.settle();
    BOOST_TEST((r.outcome(two).state == sms_state::cancelled));
    BOOST_TEST(r.submit("two").has_value());
}

BOOST_AUTO_TEST_CASE(only_what_is_not_on_its_way_can_be_cancelled)
{
    tracker_rig r;
    const auto id = r.send();
    BOOST_TEST(!r.tracker->cancel(r.at, id));
    r.fail();
    BOOST_TEST(r.tracker->cancel(r.at, id));  // the retry has not gone yet
    r.settle();
    BOOST_TEST(!r.tracker->cancel(r.at, id));
    BOOST_TEST((r.outcome(id).state == sms_state::cancelled));
    BOOST_TEST(r.outcome(id).attempts == 1u);
    r.run(10min);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(!r.tracker->cancel(r.at, sms_id{999}));

    tracker_rig lost;
    const auto perhaps = lost.send("text", {.duplicate_ok = true});
    lost.gap();
    lost.disk_waits = true;
    lost.up();  // the repetition is being stored; the first may have arrived
    BOOST_TEST(!lost.tracker->cancel(lost.at, perhaps));
}

BOOST_AUTO_TEST_CASE(segments_are_told)
{
    tracker_rig r(tracker_rig::uncapped());
    BOOST_TEST(r.submit(std::string(160, 'x')).value().ticket.segments == 1u);
    BOOST_TEST(r.submit(std::string(161, 'x')).value().ticket.segments == 2u);
}

BOOST_AUTO_TEST_CASE(a_session_nobody_has_heard_of_gets_the_grace)
{
    tracker_rig r;
    const auto id = r.send("text", {}, someone, "unknown");
    BOOST_TEST(r.frames.empty());
    r.run(30s);
    BOOST_TEST((r.outcome(id).state == sms_state::abandoned));
}

BOOST_AUTO_TEST_CASE(what_is_settled_keeps_neither_number_nor_text)
{
    tracker_rig r;
    const auto id = r.send("secret", {.client_ref = "k"});
    BOOST_TEST(r.record(id).text == "secret");
    BOOST_TEST(r.record(id).recipient == someone);
    r.run(31s);
    BOOST_TEST(r.record(id).text.empty());
    BOOST_TEST(r.record(id).recipient.empty());
    BOOST_TEST(r.record(id).fingerprint.size() == 48u);
    BOOST_TEST((r.record(id).outcome == r.outcome(id)));
}

BOOST_AUTO_TEST_CASE(what_has_no_key_has_no_fingerprint)
{
    tracker_rig r;
    BOOST_TEST(r.record(r.send("text")).fingerprint.empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_remembered_for_ever)
{
    tracker_rig r(tracker_rig::uncapped());
    for (int n = 0; n < 50; ++n) {
        const auto call = "call " + std::to_string(n);
        r.up(call);
        r.send("text", {.client_ref = n % 2 ? call : ""}, std::to_string(4915100000000 + n), call);
        if (n % 3 == 0)
            r.fail("unknown", std::to_string(4915100000000 + n), call);
        r.over(call);
    }
    r.over();
    r.run(25h);
    const auto left = r.tracker->remembered();
    BOOST_TEST(left.messages == 0u);
    BOOST_TEST(left.sessions == 0u);
    BOOST_TEST(left.deadlines == 0u);
    BOOST_TEST(left.numbers == 0u);
    BOOST_TEST(!r.tracker->next_deadline());
}

BOOST_AUTO_TEST_CASE(a_number_is_forgotten_however_late_its_frame_went_out)
{
    for (const auto late : {clock::duration{0s}, clock::duration{1h - 1ms}, clock::duration{1h},
                            clock::duration{2h}}) {
        tracker_rig r(tracker_rig::uncapped());
        r.rules.max_age = 3h;
        r.rules.grace = 3h;
        r.restart();
        r.up();
        r.gap();
        r.send();
        r.run(late);
        BOOST_TEST(r.frames.empty());
        r.up();
        r.run(1ms);
        BOOST_TEST(r.frames.size() == 1u);
        BOOST_TEST(r.tracker->remembered().numbers == 1u);
        r.over();
        r.run(25h);
        BOOST_TEST(r.tracker->remembered().numbers == 0u);
        BOOST_TEST(!r.tracker->next_deadline());
    }
}

BOOST_AUTO_TEST_CASE(statistics_add_up)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    r.run(200ms);
    r.fail("unknown");
    r.send("two");
    r.run(40s);
    r.send("three");
    r.send("four");
    auto s = r.tracker->statistics();
    BOOST_TEST(s.accepted == 4u);
    BOOST_TEST(s.failed == 1u);
    BOOST_TEST(s.assumed_sent == 1u);
    BOOST_TEST(s.open == 2u);
    BOOST_TEST(s.held == 1u);
    BOOST_TEST(s.failure_latency.counts[5] == 1u);  // more than 100 ms, at most 300 ms
    BOOST_TEST((s.failure_latency.sum == 200ms));
    BOOST_TEST(s.with_reason(sms_reason::unknown) == 1u);
    r.fail();
    s = r.tracker->statistics();
    BOOST_TEST(s.waiting_retry == 1u);
    BOOST_TEST(s.matched == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
