// Each invariant of the sweep is broken by what it is there for.
#include "scripted_handler.hpp"
#include "sweep_invariants.hpp"

#include <boost/test/unit_test.hpp>

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

    bool breaks(std::string_view invariant) const
    {
        for (const auto& text : sweep_invariants(log).broken())
            if (text.starts_with(invariant))
                return true;
        return false;
    }

    sweep_log log;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(invariants)

BOOST_AUTO_TEST_CASE(a_good_play_breaks_none)
{
    for (const auto& text : sweep_invariants(good_play().log).broken())
        BOOST_ERROR(text);
}

BOOST_AUTO_TEST_CASE(pairs)
{
    good_play no_end;
    no_end.forget(note::ended);
    BOOST_TEST(no_end.breaks("told_in_pairs"));
    good_play no_destruction;
    no_destruction.forget(note::gone);
    BOOST_TEST(no_destruction.breaks("told_in_pairs"));
    good_play twice;
    twice.log.notes.push_back(twice.nth(note::ended));
    BOOST_TEST(twice.breaks("told_in_pairs"));
}

BOOST_AUTO_TEST_CASE(order)
{
    good_play untold;
    untold.forget(note::told, 1);
    BOOST_TEST(untold.breaks("told_in_order"));
    good_play swapped;
    std::swap(swapped.nth(note::told, 0).text, swapped.nth(note::told, 1).text);
    BOOST_TEST(swapped.breaks("told_in_order"));
    good_play moved;
    moved.nth(note::received, 1).connection = 2;
    BOOST_TEST(!moved.breaks("told_in_order"));
    moved.log.notes.insert(moved.log.notes.begin() + 3,
                           {.kind = note::left, .at = {}, .connection = 1});
    BOOST_TEST(moved.breaks("told_in_order"));
    good_play gap;
    gap.log.notes.insert(gap.log.notes.begin() + 3, {.kind = note::gap, .at = {}, .session = "a"});
    BOOST_TEST(gap.breaks("told_in_order"));
}

BOOST_AUTO_TEST_CASE(outcomes)
{
    good_play none;
    none.forget(note::outcome);
    BOOST_TEST(none.breaks("one_outcome"));
    good_play twice;
    twice.log.notes.push_back(twice.nth(note::outcome));
    BOOST_TEST(twice.breaks("one_outcome"));
    good_play failed;
    failed.nth(note::outcome).how.state = sms_state::abandoned;
    BOOST_TEST(failed.breaks("honest_outcomes"));
    good_play refused;
    refused.nth(note::accepted).kind = note::refused;
    BOOST_TEST(refused.breaks("one_outcome"));
    good_play nowhere;
    nowhere.forget(note::arrived);
    nowhere.forget(note::arrived);
    BOOST_TEST(nowhere.breaks("honest_outcomes"));
}

BOOST_AUTO_TEST_CASE(frames)
{
    good_play thrice;
    thrice.log.notes.push_back(thrice.nth(note::arrived));
    BOOST_TEST(thrice.breaks("no_second_frame"));
    good_play early;
    early.forget(note::stored, 2);
    BOOST_TEST(early.breaks("stored_first"));
    good_play nowhere;
    for (int n = 0; n < 3; ++n)
        nowhere.forget(note::stored);
    BOOST_TEST(nowhere.breaks("stored_first"));
}

BOOST_AUTO_TEST_CASE(the_end)
{
    good_play late;
    late.add({.kind = note::written,
              .at = clock::time_point(std::chrono::seconds(1)),
              .text = frame,
              .connection = 1});
    BOOST_TEST(late.breaks("silent_after_the_end"));
    good_play unreached;
    unreached.log.rest.reached = false;
    BOOST_TEST(unreached.breaks("reached"));
    good_play leak;
    leak.log.rest.work_left = true;
    BOOST_TEST(leak.breaks("nothing_left"));
    good_play dead;
    dead.log.rest.new_call.emplace_back("nobody came");
    BOOST_TEST(dead.breaks("works_again"));
}

BOOST_AUTO_TEST_SUITE_END()
