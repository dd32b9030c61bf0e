// The two breakers of reliability.md 3.3.
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using about = sms_command::note::about;

namespace {

std::string number(int n)
{
    return "49151000" + std::to_string(10'000 + n);
}

std::string call(int n)
{
    return "call " + std::to_string(n);
}

// Sends from `count` sessions to a number each; all fail.
void break_down(tracker_rig& r, int count, std::string_view reason = "smsc_unavailable")
{
    for (int n = 0; n < count; ++n) {
        r.up(call(n));
        r.send("text", {}, number(n), call(n));
    }
    for (int n = 0; n < count; ++n)
        r.fail(reason, number(n), call(n));
}

// Sends one whose attempt is still being stored when this is back.
sms_id send_while_the_disk_is_slow(tracker_rig& r)
{
    r.up("b");
    r.disk_waits = true;
    const auto id = r.send("slow", {}, someone_else, "b");
    r.finish_stores();  // it is accepted
    BOOST_REQUIRE(r.at_disk.size() == 1u);
    BOOST_REQUIRE((r.at_disk[0].record.state == sms_state::sending));
    return id;
}

// The probe that went out last, the sixth frame, fails; the next one comes an interval after it.
void fail_probe(tracker_rig& r)
{
    const auto probe = r.frames.back();
    r.fail("smsc_unavailable", probe.content.phone_number.digits(), probe.session);
    r.run(29s);
    BOOST_TEST(r.frames.size() == 6u);
    r.run(1s);
    BOOST_TEST(r.frames.size() == 7u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(breaker)

BOOST_AUTO_TEST_CASE(five_failures_hold_everything_and_one_probes_every_thirty_seconds)
{
    tracker_rig r;
    break_down(r, 5);
    BOOST_TEST(r.notes(about::breaker_open) == 1u);
    BOOST_TEST(r.tracker->statistics().breaker_open);
    BOOST_TEST(r.frames.size() == 5u);
    r.send("new", {}, number(77));
    r.run(29s);
    BOOST_TEST(r.frames.size() == 5u);
    r.run(1s);
    BOOST_TEST(r.frames.size() == 6u);
    fail_probe(r);
    // The probe's window ends without a failure: all others go.
    r.run(30s);
    BOOST_TEST(r.notes(about::breaker_closed) == 1u);
    BOOST_TEST(!r.tracker->statistics().breaker_open);
    r.run(10s);
    BOOST_TEST(r.frames.size() == 12u);
    BOOST_TEST(r.notes(about::breaker_open) == 1u);
}

BOOST_AUTO_TEST_CASE(a_probe_that_takes_long_to_be_stored_goes_out_and_is_the_only_one)
{
    tracker_rig r;
    break_down(r, 5);
    r.disk_waits = true;
    r.run(65s);  // two more would have been due
    BOOST_TEST(r.frames.size() == 5u);
    BOOST_REQUIRE(r.at_disk.size() == 1u);
    BOOST_TEST((r.at_disk[0].record.state == sms_state::sending));
    r.disk_waits = false;
    r.finish_stores();
    BOOST_TEST(r.frames.size() == 6u);
    fail_probe(r);
}

BOOST_AUTO_TEST_CASE(waiting_is_not_an_attempt)
{
    tracker_rig r;
    break_down(r, 5);
    r.run(90s);
    for (const auto& f : r.frames)
        BOOST_TEST(f.key.attempt <= 2u);
    for (const auto& o : r.outcomes)
        BOOST_TEST((o.state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(what_waits_too_long_expires)
{
    tracker_rig r;
    break_down(r, 5);
    for (int n = 0; n < 12; ++n) {
        r.run(30s);
        if (!r.frames.empty())
            r.fail("smsc_unavailable", r.frames.back().content.phone_number.digits(),
                   r.frames.back().session);
    }
    BOOST_TEST(r.tracker->statistics().expired > 0u);
    BOOST_TEST(r.tracker->statistics().open == 0u);
    BOOST_TEST(r.tracker->statistics().breaker_open);
}

BOOST_AUTO_TEST_CASE(four_failures_or_two_numbers_do_not_open_it)
{
    tracker_rig four;
    break_down(four, 4);
    BOOST_TEST(four.notes(about::breaker_open) == 0u);

    sms_rules rules = tracker_rig::uncapped();
    rules.recipient_spacing = 0ms;
    tracker_rig two(rules);
    for (int n = 0; n < 10; ++n) {
        two.send("text " + std::to_string(n), {.retry = false}, number(n % 2));
        two.fail("smsc_unavailable", number(n % 2));
    }
    BOOST_TEST(two.notes(about::breaker_open) == 0u);
}

BOOST_AUTO_TEST_CASE(failures_that_are_a_minute_apart_do_not_count_together)
{
    tracker_rig r;
    for (int n = 0; n < 10; ++n) {
        r.up(call(n));
        r.send("text", {.retry = false}, number(n), call(n));
        r.fail("smsc_unavailable", number(n), call(n));
        r.run(16s);
    }
    BOOST_TEST(r.notes(about::breaker_open) == 0u);
}

BOOST_AUTO_TEST_CASE(a_failure_of_another_kind_shows_that_the_centre_works)
{
    tracker_rig r;
    break_down(r, 5);
    r.run(30s);
    const auto probe = r.frames.back();
    r.fail("unknown", probe.content.phone_number.digits(), probe.session);
    BOOST_TEST(r.notes(about::breaker_closed) == 1u);
    BOOST_TEST(r.frames.size() == 10u);
}

BOOST_AUTO_TEST_CASE(a_probe_that_could_not_go_is_followed_at_once)
{
    tracker_rig r;
    break_down(r, 5);
    r.disk_waits = true;
    r.run(30s);
    BOOST_REQUIRE(r.at_disk.size() == 1u);
    r.over(r.at_disk[0].record.session_id);
    r.run(1ms);
    r.finish_stores();
    BOOST_TEST(r.frames.size() == 6u);
}

BOOST_AUTO_TEST_CASE(T2_account_reasons_refuse_new_messages)
{
    for (const auto* reason : {"sender_not_allowed", "insufficient_balance", "no_sms_extension"}) {
        tracker_rig r;
        const auto id = r.send();
        r.fail(reason);
        BOOST_TEST((r.outcome(id).state == sms_state::failed));
        BOOST_TEST(r.notes(about::account_refused) == 1u);
        r.up("b");
        const auto refused = r.submit("other", {}, someone_else, "b");
        BOOST_TEST((refused.error().code == errc::sms_account_refused));
        BOOST_TEST(refused.error().text.find(reason) != std::string::npos);
        r.run(5min - 1ms);
        BOOST_TEST(r.submit("other", {}, someone_else, "b").has_error());
        r.run(1ms);
        BOOST_TEST(r.submit("other", {}, someone_else, "b").has_value());
        BOOST_TEST(r.frames.size() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(one_alarm_however_many_fail)
{
    tracker_rig r;
    break_down(r, 5, "insufficient_balance");
    BOOST_TEST(r.notes(about::account_refused) == 1u);
}

BOOST_AUTO_TEST_CASE(after_the_refusal_one_message_finds_out)
{
    tracker_rig r;
    r.send();
    r.fail("no_sms_extension");
    r.run(5min);
    r.up("a");
    r.up("b");
    r.send("probe", {}, someone, "a");
    BOOST_TEST((r.submit("text", {}, someone_else, "b").error().code == errc::sms_account_refused));
    r.fail("no_sms_extension", someone, "a");
    BOOST_TEST(r.notes(about::account_refused) == 1u);
    r.run(4min);
    BOOST_TEST(r.submit("text", {}, someone_else, "b").has_error());
    r.run(1min);
    r.send("text", {}, someone_else, "b");
    r.run(31s);  // assumed sent
    BOOST_TEST(!r.tracker->statistics().account_refused);
    r.send("more", {}, someone, "a");
}

BOOST_AUTO_TEST_CASE(what_waits_fails_with_the_account_s_reason)
{
    tracker_rig r(tracker_rig::uncapped());
    r.send("one");
    const auto two = r.send("two");
    r.fail("insufficient_balance");
    BOOST_TEST((r.outcome(two).state == sms_state::failed));
    BOOST_TEST((r.outcome(two).reason == sms_reason::insufficient_balance));
    BOOST_TEST(r.outcome(two).attempts == 0u);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_being_stored_when_the_account_is_refused_is_not_written)
{
    tracker_rig r;
    const auto one = r.send("one");
    const auto two = send_while_the_disk_is_slow(r);
    r.fail("insufficient_balance", someone);
    BOOST_TEST((r.outcome(one).state == sms_state::failed));
    r.disk_waits = false;
    r.finish_stores();
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST((r.outcome(two).state == sms_state::failed));
    BOOST_TEST((r.outcome(two).reason == sms_reason::insufficient_balance));
    BOOST_TEST(r.outcome(two).attempts == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_being_stored_when_the_breaker_opens_waits_as_well)
{
    tracker_rig r;
    break_down(r, 4);
    r.up(call(4));
    r.send("fifth", {}, number(4), call(4));
    send_while_the_disk_is_slow(r);
    r.fail("smsc_unavailable", number(4), call(4));
    BOOST_TEST(r.tracker->statistics().breaker_open);
    r.disk_waits = false;
    r.finish_stores();
    BOOST_TEST(r.frames.size() == 5u);
    r.run(30s);
    BOOST_TEST(r.frames.size() == 6u);
}

BOOST_AUTO_TEST_SUITE_END()
