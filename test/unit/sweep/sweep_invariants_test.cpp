// Each invariant of the sweep is broken by what it is there for.
#include "scripted_handler.hpp"
#include "sweep_invariants.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using note = sweep_note;

const std::string code = "Your code is 1.";
const std::string frame =
    R"({"type":"send_sms","session_id":"a","phone_number":"4915112345678","message":"Your code is 1."})";

// A call whose SMS is repeated once, as it should be.
struct good_play {
    good_play()
    {
        log.rest.sms.accepted = 1;
        log.rest.sms.assumed_sent = 1;
        sms_outcome sent;
        sent.id = {1};
        sent.attempts = 2;
        sent.handed_off = true;
        add({.kind = note::received, .at = {}, .text = start("a"), .connection = 1});
        add({.kind = note::made, .at = {}, .session = "a"});
        add({.kind = note::told, .at = {}, .session = "a", .text = "session_start"});
        stored(sms_state::accepted);
        send();
        add({.kind = note::accepted, .at = {}, .session = "a", .text = code, .id = {1}});
        add({.kind = note::received,
             .at = {},
             .text = failed_event("a", "4915112345678", "smsc_unavailable"),
             .connection = 1});
        add({.kind = note::told,
             .at = {},
             .session = "a",
             .text = "sms_failed smsc_unavailable 4915112345678"});
        send();
        add({.kind = note::received, .at = {}, .text = plain("session_end", "a"), .connection = 1});
        add({.kind = note::ended, .at = {}, .session = "a", .text = "service"});
        add({.kind = note::outcome, .at = {}, .session = "a", .id = {1}, .how = sent});
        add({.kind = note::gone, .at = {}, .session = "a"});
    }

    void add(note n) { log.notes.push_back(std::move(n)); }

    void stored(sms_state state)
    {
        add({.kind = note::stored,
             .at = {},
             .session = "a",
             .text = code,
             .id = {1},
             .state = state});
    }

    void send()
    {
        stored(sms_state::sending);
        add({.kind = note::written, .at = {}, .text = frame, .connection = 1});
        add({.kind = note::arrived,
             .at = {},
             .session = "a",
             .text = code,
             .answer = "accepted",
             .recipient = "4915112345678"});
    }

    note& nth(note::kind_type kind, std::size_t n = 0)
    {
        for (auto& seen : log.notes)
            if (seen.kind == kind && n-- == 0)
                return seen;
        throw std::out_of_range("no such note");
    }

    void forget(note::kind_type kind, std::size_t n = 0)
    {
        log.notes.erase(log.notes.begin() + (&nth(kind, n) - log.notes.data()));
    }

    void add_behind(note::kind_type kind, std::size_t n, note added)
    {
        const auto place = log.notes.begin() + (&nth(kind, n) - log.notes.data());
        log.notes.insert(place + 1, std::move(added));
    }

    bool breaks(std::string_view how) const
    {
        const auto broken = sweep_invariants(log).broken();
        return std::find(broken.begin(), broken.end(), how) != broken.end();
    }

    sweep_log log;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(invariants)

BOOST_AUTO_TEST_CASE(a_good_play_breaks_none)
{
    BOOST_TEST(sweep_invariants(good_play().log).broken() == std::vector<std::string>{},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pairs)
{
    good_play no_end;
    no_end.forget(note::ended);
    BOOST_TEST(no_end.breaks("told_in_pairs: a handler went without having been told of the end"));
    good_play no_destruction;
    no_destruction.forget(note::gone);
    BOOST_TEST(no_destruction.breaks("told_in_pairs: a handler was not destroyed"));
    good_play two;
    two.add_behind(note::made, 0, two.nth(note::made));
    BOOST_TEST(two.breaks("told_in_pairs: a second handler for one session"));
    good_play twice;
    twice.add_behind(note::ended, 0, twice.nth(note::ended));
    BOOST_TEST(twice.breaks("told_in_pairs: the end was told twice"));
    good_play late;
    late.add_behind(note::ended, 0,
                    {.kind = note::told, .at = {}, .session = "a", .text = "user_speak hi"});
    BOOST_TEST(late.breaks("told_in_pairs: an event was told after the end"));
    good_play gap;
    gap.add_behind(note::ended, 0, {.kind = note::gap, .at = {}, .session = "a"});
    BOOST_TEST(gap.breaks("told_in_pairs: a gap was told without a session"));
}

BOOST_AUTO_TEST_CASE(order)
{
    good_play untold;
    untold.forget(note::told, 1);
    BOOST_TEST(untold.breaks("told_in_order: not told, or out of order: "
                             "sms_failed smsc_unavailable 4915112345678"));
    good_play swapped;
    std::swap(swapped.nth(note::told, 0).text, swapped.nth(note::told, 1).text);
    BOOST_TEST(swapped.breaks("told_in_order: not told, or out of order: session_start"));
    good_play invented;
    invented.forget(note::received);
    invented.forget(note::received);
    BOOST_TEST(invented.breaks("told_in_order: told without cause: session_start"));
}

BOOST_AUTO_TEST_CASE(gaps)
{
    const std::string failure = "sms_failed smsc_unavailable 4915112345678";
    good_play moved;
    moved.nth(note::received, 1).connection = 2;
    moved.nth(note::received, 2).connection = 2;
    BOOST_TEST(!moved.breaks("told_in_order: no gap told before: " + failure));
    moved.add_behind(note::told, 0, {.kind = note::left, .at = {}, .connection = 1});
    BOOST_TEST(moved.breaks("told_in_order: no gap told before: " + failure));
    moved.add_behind(note::left, 0, {.kind = note::gap, .at = {}, .session = "a"});
    BOOST_TEST(!moved.breaks("told_in_order: no gap told before: " + failure));
    good_play gap;
    gap.add_behind(note::told, 0, {.kind = note::gap, .at = {}, .session = "a"});
    BOOST_TEST(gap.breaks("told_in_order: gap told without cause before: " + failure));
}

BOOST_AUTO_TEST_CASE(one_outcome)
{
    good_play none;
    none.forget(note::outcome);
    BOOST_TEST(none.breaks("one_outcome: none was told"));
    BOOST_TEST(none.breaks("one_outcome: 1 accepted, 0 outcomes told"));
    good_play twice;
    twice.add_behind(note::outcome, 0, twice.nth(note::outcome));
    BOOST_TEST(twice.breaks("one_outcome: told twice"));
    twice.nth(note::outcome, 1).how.corrected = true;
    BOOST_TEST(!twice.breaks("one_outcome: told twice"));
    twice.nth(note::outcome, 0).how.corrected = true;
    BOOST_TEST(twice.breaks("one_outcome: corrected before it was told"));
    good_play lost;
    lost.log.rest.sms.assumed_sent = 0;
    BOOST_TEST(lost.breaks("one_outcome: 1 accepted, 0 accounted for"));
    good_play refused;
    refused.nth(note::accepted).kind = note::refused;
    BOOST_TEST(refused.breaks("one_outcome: an SMS was sent that had been refused"));
}

BOOST_AUTO_TEST_CASE(honest_outcomes)
{
    good_play abandoned;
    abandoned.nth(note::outcome).how.state = sms_state::abandoned;
    BOOST_TEST(abandoned.breaks("honest_outcomes: abandoned, but the service has it"));
    good_play fewer;
    fewer.nth(note::outcome).how.attempts = 1;
    BOOST_TEST(fewer.breaks("honest_outcomes: fewer attempts than frames that arrived"));
    good_play nowhere;
    nowhere.forget(note::arrived);
    nowhere.forget(note::arrived);
    BOOST_TEST(nowhere.breaks("honest_outcomes: handed off, but nothing arrived"));
}

BOOST_AUTO_TEST_CASE(attempts_that_never_got_out)
{
    const auto more = "honest_outcomes: more attempts than frames that may have got out";
    good_play unwritten;
    unwritten.add_behind(note::written, 1, {.kind = note::unwritten, .at = {}, .text = frame});
    BOOST_TEST(unwritten.breaks(more));
    // Over HTTP the library does not know it.
    unwritten.log.rest.knows_unwritten = false;
    BOOST_TEST(!unwritten.breaks(more));
    unwritten.forget(note::written, 1);
    BOOST_TEST(unwritten.breaks(more));
}

BOOST_AUTO_TEST_CASE(frames)
{
    good_play thrice;
    thrice.add(thrice.nth(note::arrived));
    BOOST_TEST(thrice.breaks("no_second_frame: frame 3 without a failure"));
    BOOST_TEST(!thrice.breaks("no_second_frame: more frames than attempts are allowed"));
    thrice.add(thrice.nth(note::arrived));
    thrice.add(thrice.nth(note::arrived));
    BOOST_TEST(thrice.breaks("no_second_frame: more frames than attempts are allowed"));
    good_play early;
    early.forget(note::stored, 2);
    BOOST_TEST(early.breaks("stored_first: a frame was written before its attempt was stored"));
    good_play nowhere;
    for (int n = 0; n < 3; ++n)
        nowhere.forget(note::stored);
    BOOST_TEST(nowhere.breaks("stored_first: accepted, but not in the outbox"));
}

BOOST_AUTO_TEST_CASE(the_end)
{
    const auto written = "silent_after_the_end: a send_sms was written";
    good_play late;
    late.add({.kind = note::written, .at = {}, .text = frame, .connection = 1});
    BOOST_TEST(!late.breaks(written));
    late.log.notes.back().at = clock::time_point(std::chrono::seconds(1));
    BOOST_TEST(late.breaks(written));
    good_play unreached;
    unreached.log.rest.reached = false;
    BOOST_TEST(unreached.breaks("reached: the play did not come to the step of its fault"));
    good_play dead;
    dead.log.rest.new_call.emplace_back("nobody came");
    BOOST_TEST(dead.breaks("works_again: nobody came"));
    dead.log.rest.stopped = true;
    BOOST_TEST(!dead.breaks("works_again: nobody came"));
}

BOOST_AUTO_TEST_CASE(nothing_left)
{
    const auto breaks = [](const std::string& how, auto spoil) {
        good_play p;
        spoil(p.log.rest);
        return p.breaks("nothing_left: " + how);
    };
    using rest = sweep_rest;
    BOOST_TEST(breaks("a handler", [](rest& r) { r.handlers = 1; }));
    BOOST_TEST(breaks("a sleeper on the clock", [](rest& r) { r.sleepers = 1; }));
    BOOST_TEST(breaks("it did not come to its end", [](rest& r) { r.finished = false; }));
    BOOST_TEST(breaks("work in the context", [](rest& r) { r.work_left = true; }));
    BOOST_TEST(breaks("a session", [](rest& r) { r.sessions.open_sessions = 1; }));
    BOOST_TEST(breaks("a connection", [](rest& r) { r.sessions.open_connections = 1; }));
    BOOST_TEST(breaks("an event in a queue", [](rest& r) { r.sessions.queued_events = 1; }));
    BOOST_TEST(breaks("a message in a queue", [](rest& r) { r.sessions.queued_messages = 1; }));
    BOOST_TEST(breaks("an exception of a handler", [](rest& r) { r.sessions.handler_errors = 1; }));
    BOOST_TEST(
        breaks("sessions ended more than begun", [](rest& r) { r.sessions.lost_sessions = 1; }));
    BOOST_TEST(breaks("an SMS without an outcome", [](rest& r) { r.sms.open = 1; }));
    BOOST_TEST(breaks("an SMS without an outcome", [](rest& r) { r.sms.held = 1; }));
    BOOST_TEST(breaks("an SMS without an outcome", [](rest& r) { r.sms.waiting_retry = 1; }));
}

BOOST_AUTO_TEST_SUITE_END()
