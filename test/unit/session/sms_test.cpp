// An SMS from the handler to its outcome, over a connection (protocol.md section 10).
#include "rig.hpp"

#include "aiflow/memory_outbox.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using words = std::vector<std::string>;

asio::awaitable<void> text_on_demand(scripted_handler& h, std::string what)
{
    if (what == "code") {
        co_await h.send_sms(h.caller(), "Your code is 4242.");
        co_await h.say("It is on its way.");
    }
    if (what == "bye") {
        co_await h.send_sms(h.caller(), "Your code is 4242.");
        co_await h.hang_up();
    }
}

struct sms_bot : rig {
    explicit sms_bot(client_options o = {}) : rig(std::move(o))
    {
        bot->on_event = text_on_demand;
        rig::start();
        send(test::start("a"));
    }

    std::size_t frames() { return count(last().received, "send_sms"); }
};

const send_sms& frame(const peer& p, std::size_t n = 0)
{
    static std::optional<addressed_action> kept;
    kept = nth(p.received, "send_sms", n);
    return std::get<send_sms>(kept->action);
}

// An SMS that no handler sends; what it became is told where the result points to.
std::shared_ptr<std::optional<sms_ticket>> send_from_outside(session call)
{
    auto accepted = std::make_shared<std::optional<sms_ticket>>();
    call.async_send_sms(*call.caller(), "Your link",
                        [accepted](std::exception_ptr, checked<sms_ticket> t) {
                            if (t)
                                *accepted = *t;
                        });
    return accepted;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sms)

BOOST_AUTO_TEST_CASE(it_is_accepted_without_waiting_for_its_outcome)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    BOOST_TEST(r.frames() == 1u);
    BOOST_TEST(frame(r.last()).phone_number.digits() == "4915112345678");
    BOOST_TEST(frame(r.last()).message == "Your code is 4242.");
    BOOST_TEST(count(r.last().received, "speak") == 1u);
    BOOST_TEST(r.bot->outcomes.empty());
    r.run(31s);
    BOOST_TEST(r.bot->outcomes.size() == 1u);
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::assumed_sent));
    BOOST_TEST(r.bot->outcomes.at(0).handed_off);
    BOOST_TEST(r.bot->outcomes.at(0).attempts == 1u);
}

BOOST_AUTO_TEST_CASE(T1_smsc_unavailable_is_retried)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(failed_event("a", "4915112345678", "smsc_unavailable"));
    BOOST_TEST(r.bot->failures.at(0).will_retry);
    BOOST_TEST(r.frames() == 1u);
    const auto failed = r.time.now();
    BOOST_TEST(r.until([&] { return r.frames() == 2; }));
    BOOST_TEST((r.time.now() - failed >= 1600ms));
    BOOST_TEST((r.time.now() - failed <= 2400ms));
    BOOST_TEST(r.last().received.at(0) != r.last().received.at(1));
    BOOST_TEST((frame(r.last(), 1) == send_sms(frame(r.last(), 0))));
    r.run(31s);
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::assumed_sent));
    BOOST_TEST(r.bot->outcomes.at(0).attempts == 2u);
    BOOST_TEST(r.bot->journal ==
               (words{"start", "code", "failed smsc_unavailable", "outcome assumed_sent"}));
}

BOOST_AUTO_TEST_CASE(T2_any_other_reason_is_final)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(failed_event("a", "+4915112345678", "sender_not_allowed"));
    BOOST_TEST(!r.bot->failures.at(0).will_retry);
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::failed));
    BOOST_TEST((r.bot->outcomes.at(0).reason == sms_reason::sender_not_allowed));
    r.run(10min);
    BOOST_TEST(r.frames() == 1u);
}

BOOST_AUTO_TEST_CASE(one_ping_proves_a_batch)
{
    sms_bot r;
    r.send(start("b", "4915112345679"));
    r.send("[" + speak_event("a", "code") + "," + speak_event("b", "code") + "]");
    BOOST_TEST(r.frames() == 2u);
    BOOST_TEST(r.last().client_control.pings_written() == 1u);
    r.run(31s);
    BOOST_TEST(r.bot->outcomes.at(0).handed_off);
    BOOST_TEST(r.bot->outcomes.at(1).handed_off);
}

BOOST_AUTO_TEST_CASE(without_a_pong_there_is_no_proof)
{
    sms_bot r;
    r.last().control.swallow_pongs(true);
    r.send(speak_event("a", "code"));
    r.run(5s);
    r.last().control.reset();
    r.run(2min);
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::unobserved));
    BOOST_TEST(!r.bot->outcomes.at(0).handed_off);
    BOOST_TEST(!r.bot->outcomes.at(0).failed());
}

BOOST_AUTO_TEST_CASE(T8_the_end_of_the_call_abandons_a_retry)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(failed_event("a", "4915112345678", "smsc_unavailable"));
    r.send(plain("session_end", "a"));
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::abandoned));
    BOOST_TEST((r.bot->outcomes.at(0).reason == sms_reason::smsc_unavailable));
    BOOST_TEST(r.bot->alive == 0);
    r.run(10min);
    BOOST_TEST(r.frames() == 1u);
}

BOOST_AUTO_TEST_CASE(T10_a_failure_after_the_end_still_resolves_its_send)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(plain("session_end", "a"));
    BOOST_TEST(r.bot->alive == 1);  // it waits for the outcome
    BOOST_TEST(r.loop->home().find("a") != nullptr);
    BOOST_TEST(!r.loop->home().find_open("a").has_value());
    r.send(failed_event("a", "4915112345678", "unknown"));
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::failed));
    BOOST_TEST(r.bot->alive == 0);
    BOOST_TEST(r.frames() == 1u);
}

BOOST_AUTO_TEST_CASE(a_handler_hears_its_outcome_after_the_call)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(plain("session_end", "a"));
    r.run(31s);
    BOOST_TEST(r.bot->journal.back() == "outcome assumed_sent");
    BOOST_TEST(r.bot->alive == 0);
}

BOOST_AUTO_TEST_CASE(a_hangup_goes_out_behind_the_sms)
{
    sms_bot r;
    r.send(speak_event("a", "bye"));
    BOOST_TEST(r.last().received.size() == 2u);
    BOOST_TEST(r.last().received.at(0).find("send_sms") != std::string::npos);
    BOOST_TEST(r.last().received.at(1).find("hangup") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(T18_a_session_that_returns_goes_on)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(failed_event("a", "4915112345678", "smsc_unavailable"));
    r.last().control.reset();
    r.until([&] { return r.peers.size() == 2; });
    r.run(10s);
    BOOST_TEST(r.frames() == 0u);  // not before the session is back
    r.send(speak_event("a", "hello"));
    r.run(1s);
    BOOST_TEST(r.frames() == 1u);
    r.run(31s);
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::assumed_sent));
    BOOST_TEST(r.bot->outcomes.at(0).attempts == 2u);
}

BOOST_AUTO_TEST_CASE(of_a_call_without_an_SMS_nothing_is_remembered)
{
    sms_bot r;
    r.send(speak_event("a", "hello"));
    BOOST_TEST(!r.loop->home().sms().knows_session("a"));
    r.send(speak_event("a", "code"));
    BOOST_TEST(r.loop->home().sms().knows_session("a"));
}

BOOST_AUTO_TEST_CASE(the_first_of_a_call_may_be_sent_while_its_connection_is_gone)
{
    sms_bot r;
    r.last().control.reset();
    r.settle();
    const session call = r.bot->sessions.at(0);
    auto back = send_from_outside(call);
    r.until([&] { return r.peers.size() == 2; });
    r.run(5s);
    BOOST_TEST(r.frames() == 0u);
    r.send(speak_event("a", "hello"));
    BOOST_TEST(r.frames() == 1u);
    BOOST_TEST(back->has_value());

    sms_bot lost;
    lost.last().control.reset();
    lost.settle();
    back = send_from_outside(lost.bot->sessions.at(0));
    lost.run(31s);
    BOOST_TEST(back->has_value());
    BOOST_REQUIRE(lost.bot->outcomes.size() == 1u);
    BOOST_TEST((lost.bot->outcomes.at(0).state == sms_state::abandoned));
}

BOOST_AUTO_TEST_CASE(the_first_of_a_call_may_be_sent_after_its_transfer)
{
    sms_bot r;
    session call = r.bot->sessions.at(0);
    BOOST_TEST(
        call.send(transfer{*phone_number::parse("4930123456"), "Desk", "4930123456"}).has_value());
    r.send(speak_event("a", "code"));
    r.run(31s);
    BOOST_REQUIRE(r.bot->outcomes.size() == 1u);
    BOOST_TEST(r.bot->outcomes.at(0).after_transfer);
}

BOOST_AUTO_TEST_CASE(a_call_that_is_back_from_a_failed_transfer_is_no_longer_transferred)
{
    sms_bot r;
    session call = r.bot->sessions.at(0);
    BOOST_TEST(
        call.send(transfer{*phone_number::parse("4930123456"), "Desk", "4930123456"}).has_value());
    r.send(start("a"));
    r.send(speak_event("a", "code"));
    r.run(31s);
    BOOST_REQUIRE(r.bot->outcomes.size() == 1u);
    BOOST_TEST(!r.bot->outcomes.at(0).after_transfer);
}

BOOST_AUTO_TEST_CASE(a_call_that_begins_again_goes_on_with_its_SMS)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(plain("session_end", "a"));
    r.run(90s);  // the handler has heard how it ended; a late failure can still correct that
    BOOST_TEST(r.bot->alive == 0);
    r.send(test::start("a"));
    r.send(failed_event("a", "4915112345678", "smsc_unavailable"));
    r.run(10s);
    BOOST_TEST(r.frames() == 2u);
}

BOOST_AUTO_TEST_CASE(what_an_earlier_process_left_goes_on_when_its_call_is_heard_of)
{
    memory_outbox store;
    client_options o;
    o.store = &store;
    rig r(o);
    sms_record left;
    left.id = sms_id{1};
    left.session_id = "a";
    left.recipient = "4915112345678";
    left.text = "Your code is 4242.";
    left.accepted_at = r.time.wall_now();
    store.put_at_once(left, outbox::durability::soon);
    r.start();
    r.run(10s);
    BOOST_TEST(count(r.last().received, "send_sms") == 0u);
    r.send(test::start("a"));
    BOOST_TEST(count(r.last().received, "send_sms") == 1u);
}

BOOST_AUTO_TEST_CASE(one_that_waits_for_the_writer_at_an_abort_has_not_been_sent)
{
    sms_bot r;
    r.send(test::start("b"));
    r.last().client_control.stall_writes(true);
    r.send(speak_event("a", "code"));
    r.send(speak_event("b", "code"));
    r.run(3s);  // until the number may be written to again
    r.loop->abort();
    r.settle();
    BOOST_TEST(r.frames() == 0u);
    BOOST_REQUIRE(r.bot->outcomes.size() == 2u);
    const auto ended_as = [&r](sms_state state, unsigned attempts) {
        const auto& all = r.bot->outcomes;
        return std::any_of(all.begin(), all.end(), [=](const sms_outcome& o) {
            return o.state == state && o.attempts == attempts;
        });
    };
    BOOST_TEST(ended_as(sms_state::unobserved, 1));  // it was being written
    BOOST_TEST(ended_as(sms_state::abandoned, 0));
}

BOOST_AUTO_TEST_CASE(a_service_outside_a_handler_waits_for_the_outcome)
{
    sms_bot r;
    session call = r.bot->sessions.at(0);
    const auto ticket = send_from_outside(call);
    r.settle();
    BOOST_REQUIRE(ticket->has_value());
    BOOST_TEST(ticket->value().segments == 1u);
    std::optional<sms_outcome> outcome;
    call.async_sms_outcome(ticket->value().id, [&](std::exception_ptr, checked<sms_outcome> o) {
        outcome = o.value();
    });
    r.run(29s);
    BOOST_TEST(!outcome);
    r.run(2s);
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(cancelling_the_wait_does_not_cancel_the_message)
{
    sms_bot r;
    session call = r.bot->sessions.at(0);
    asio::cancellation_signal stop;
    bool completed = false;
    call.async_send_sms(*call.caller(), "Your link",
                        asio::bind_cancellation_slot(
                            stop.slot(), [&](std::exception_ptr, const checked<sms_ticket>&) {
                                completed = true;
                            }));
    stop.emit(asio::cancellation_type::all);
    r.settle();
    BOOST_TEST(completed);
    BOOST_TEST(r.frames() == 1u);
}

BOOST_AUTO_TEST_CASE(a_withheld_number_is_a_named_problem)
{
    sms_bot r;
    r.send(start("w", "anonymous"));
    r.send(speak_event("w", "code"));
    BOOST_TEST(r.frames() == 0u);
    BOOST_TEST(r.logged("session.handler_failed"));
}

BOOST_AUTO_TEST_CASE(nothing_that_was_logged_shows_a_number_or_a_text)
{
    sms_bot r;
    r.send(speak_event("a", "code"));
    r.send(failed_event("a", "4915112345678", "smsc_unavailable"));
    r.run(1h);
    r.loop->abort();
    r.settle();
    for (const auto& line : r.log) {
        BOOST_TEST(line.find("4915112345678") == std::string::npos);
        BOOST_TEST(line.find("4242") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
