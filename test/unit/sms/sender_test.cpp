// The sender carries out what is decided: order, time, waiting, and the end.
#include "sender_rig.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using states = std::vector<sms_state>;

sms_rules no_caps()
{
    sms_rules r;
    r.session_interval = 0ms;
    r.session_messages = 1000;
    r.session_frames = 10'000;
    r.recipient_per_hour = 10'000;
    return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sender)

BOOST_AUTO_TEST_CASE(from_submit_to_the_outcome)
{
    sender_rig r;
    r.start();
    const auto ticket = r.send();
    BOOST_TEST(r.frames.size() == 1u);
    const auto outcome = r.await_outcome(ticket.id);
    r.sender->written(r.keys[0]);
    r.sender->handed_off(r.keys[0]);
    r.run(29s);
    BOOST_TEST(!outcome->has_value());
    BOOST_TEST(r.sender->has_open("call"));
    r.run(1s);
    BOOST_REQUIRE(outcome->has_value());
    BOOST_TEST((outcome->value()->state == sms_state::assumed_sent));
    BOOST_TEST(outcome->value()->handed_off);
    BOOST_TEST(r.outcomes.size() == 1u);
    BOOST_TEST(r.await_outcome(ticket.id)->has_value());
    BOOST_TEST(!r.sender->has_open("call"));
    BOOST_TEST(r.sender->statistics().assumed_sent == 1u);
}

BOOST_AUTO_TEST_CASE(T1_a_retry_at_its_own_time)
{
    sender_rig r;
    r.start();
    r.send();
    r.sender->written(r.keys[0]);
    const auto f = r.fail();
    BOOST_TEST(f.will_retry);
    r.run(f.retry_in - 1ms);
    BOOST_TEST(r.frames.size() == 1u);
    r.run(2s);
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_failure_is_dealt_with_before_its_messages_are_forgotten)
{
    sender_rig r(no_caps());
    r.start();
    const auto first = r.time.now();
    r.send("one");
    r.sender->not_written(r.keys[0], true);
    r.run(10s);
    r.send("two");
    r.sender->not_written(r.keys.at(1), true);
    BOOST_REQUIRE(r.outcomes.size() == 2u);
    r.run(first + r.rules.late_limit - r.time.now() - 1ms);
    r.time.advance(1ms);  // the first is due to be forgotten, and nobody has looked yet
    BOOST_TEST((r.fail().match == sms_match::ambiguous));
    BOOST_REQUIRE(r.outcomes.size() == 4u);
    BOOST_TEST(r.outcomes[2].ambiguous);
    BOOST_TEST(r.outcomes[3].ambiguous);
}

BOOST_AUTO_TEST_CASE(a_slow_disk_delays_the_frame_and_the_answer)
{
    sender_rig r;
    r.start();
    r.disk.delay = 10ms;
    const auto answer = r.begin("text");
    r.run(19ms);
    BOOST_TEST(r.frames.empty());
    BOOST_TEST(!answer->has_value());
    r.run(1ms);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(answer->has_value());
    BOOST_TEST((r.disk.done == states{sms_state::accepted, sms_state::sending}));
}

BOOST_AUTO_TEST_CASE(messages_do_not_wait_for_each_other_s_disk_writes)
{
    sender_rig r(no_caps());
    r.start();
    r.disk.delay = 10ms;
    std::vector<std::shared_ptr<sender_rig::answer>> answers;
    for (int n = 0; n < 10; ++n) {
        const auto call = "call " + std::to_string(n);
        r.sender->session_up(call);
        answers.push_back(r.begin("text", {}, call));
    }
    r.run(15ms);
    BOOST_TEST(r.disk.most_under_way > 4u);
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_with_its_name)
{
    sender_rig r;
    r.start();
    r.disk.error = make_error_code(errc::storage_full);
    const auto refused = r.begin("Your code is 4242.");
    BOOST_TEST(refused->value().error().code == make_error_code(errc::storage_full));
    BOOST_TEST(r.logged("sms.storage"));
    r.disk.error = {};
    r.disk.throws = true;
    BOOST_TEST(r.begin("text")->value().error().code == make_error_code(errc::storage_failed));
    r.disk.throws = false;
    BOOST_TEST(r.frames.empty());
    r.send();
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_outbox_that_cannot_be_read_is_told)
{
    sender_rig r;
    r.disk.error = make_error_code(errc::storage_locked);
    r.start();
    BOOST_TEST(*r.started == make_error_code(errc::storage_locked));
}

BOOST_AUTO_TEST_CASE(F53_a_key_means_one_message_also_after_a_restart)
{
    sender_rig r;
    r.start();
    const auto first = r.send("text", {.client_ref = "order"});
    r.sender->written(r.keys[0]);
    BOOST_TEST((r.send("text", {.client_ref = "order"}).id == first.id));
    r.run(40s);
    r.restart();
    const auto again = r.send("text", {.client_ref = "order"});
    BOOST_TEST((again.id == first.id));
    BOOST_TEST(again.repeated);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST((r.await_outcome(first.id)->value()->state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(ids_are_new_and_in_order_even_when_the_clock_goes_back)
{
    sender_rig r(no_caps());
    r.start();
    std::vector<sms_id> ids;
    for (int n = 0; n < 20; ++n) {
        ids.push_back(r.send("text " + std::to_string(n)).id);
        r.time.jump_wall(-1h);
        if (n % 5 == 4)
            r.restart();
    }
    BOOST_TEST(std::is_sorted(ids.begin(), ids.end()));
    BOOST_TEST(std::set<sms_id>(ids.begin(), ids.end()).size() == ids.size());
}

BOOST_AUTO_TEST_CASE(cancelling_the_wait_for_acceptance_does_not_cancel_the_message)
{
    sender_rig r;
    r.start();
    r.disk.delay = 10ms;
    asio::cancellation_signal stop;
    std::optional<checked<sms_ticket>> answer;
    asio::co_spawn(
        r.io, r.sender->submit("call", phone_number::parse("4915112345678").value(), "text", {}),
        asio::bind_cancellation_slot(stop.slot(),
                                     [&](std::exception_ptr thrown, checked<sms_ticket> t) {
                                         if (!thrown)
                                             answer = std::move(t);
                                     }));
    r.settle();
    stop.emit(asio::cancellation_type::terminal);
    r.settle();
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->error().code == make_error_code(errc::interrupted));
    r.run(1s);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(cancelling_the_wait_for_an_outcome_changes_nothing)
{
    sender_rig r;
    r.start();
    const auto id = r.send().id;
    asio::cancellation_signal stop;
    std::optional<checked<sms_outcome>> answer;
    asio::co_spawn(
        r.io, r.sender->outcome(id),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, checked<sms_outcome> o) {
            answer = std::move(o);
        }));
    const auto other = r.await_outcome(id);
    stop.emit(asio::cancellation_type::terminal);
    r.settle();
    BOOST_TEST(answer->error().code == make_error_code(errc::interrupted));
    r.sender->written(r.keys[0]);
    r.run(31s);
    BOOST_TEST(other->value().has_value());
}

BOOST_AUTO_TEST_CASE(an_unknown_id_is_named)
{
    sender_rig r;
    r.start();
    BOOST_TEST(r.await_outcome(sms_id{1})->value().error().code ==
               make_error_code(errc::invalid_value));
    BOOST_TEST(!r.sender->cancel(sms_id{1}));
}

BOOST_AUTO_TEST_CASE(a_stop_settles_what_is_in_flight_and_waits_for_the_disk)
{
    sender_rig r(no_caps());
    r.start();
    const auto one = r.await_outcome(r.send("one").id);
    const auto held = r.await_outcome(r.send("two").id);
    r.disk.delay = 50ms;
    bool stopped = false;
    asio::co_spawn(r.io, r.sender->stop(), [&](std::exception_ptr) { stopped = true; });
    r.settle();
    BOOST_TEST((one->value()->state == sms_state::unobserved));
    BOOST_TEST(held->value().error().code == make_error_code(errc::shutting_down));
    BOOST_TEST(r.begin("three")->value().error().code == make_error_code(errc::shutting_down));
    BOOST_TEST(!stopped);
    r.run(50ms);
    BOOST_TEST(stopped);
    BOOST_TEST(r.time.sleepers() == 0u);
    BOOST_TEST((r.disk.done.back() == sms_state::unobserved));
}

BOOST_AUTO_TEST_CASE(destroying_it_ends_every_wait)
{
    sender_rig r;
    r.start();
    const auto outcome = r.await_outcome(r.send().id);
    r.disk.delay = 1s;
    r.run(10s);
    const auto answer = r.begin("two");
    r.sender.reset();
    r.settle();
    BOOST_TEST(outcome->value().error().code == make_error_code(errc::shutting_down));
    BOOST_TEST(answer->value().error().code == make_error_code(errc::shutting_down));
    r.run(1min);
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(held_messages_are_handed_over_before_flush_returns)
{
    sender_rig r(no_caps());
    r.start();
    r.send("one");
    r.run(3s);
    r.send("two");
    std::size_t at_return = 0;
    asio::post(r.io, [&] {
        r.sender->flush_held("call");
        at_return = r.frames.size();
    });
    r.settle();
    BOOST_TEST(at_return == 2u);
}

BOOST_AUTO_TEST_CASE(a_failure_calls_nobody_back_before_it_returns)
{
    sender_rig r;
    r.start();
    r.send();
    std::size_t reports = 99;
    asio::post(r.io, [&] {
        r.sender->failed("call", {"4915112345678", "unknown", ""});
        reports = r.outcomes.size();
    });
    r.settle();
    BOOST_TEST(reports == 0u);
    BOOST_TEST(r.outcomes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_host_may_call_back_from_inside)
{
    sender_rig r(no_caps());
    r.start();
    r.on_transmit = [&] { r.sender->session_over("call", true); };
    const auto ticket = r.send();
    BOOST_TEST(r.frames.size() == 1u);
    r.sender->written(r.keys[0]);
    r.run(31s);
    BOOST_TEST((r.await_outcome(ticket.id)->value()->state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(no_line_of_the_log_shows_a_number_or_a_text)
{
    sender_rig r(no_caps());
    r.start();
    r.on_transmit = [&] {
        asio::post(r.io, [&r, key = r.keys.back()] { r.sender->written(key); });
    };
    r.send("Your code is 4242.");
    r.fail();
    r.run(3s);
    r.fail("unknown 4915112345678");
    r.send("Your code is 4242 too.");
    r.run(2s);
    r.send("4242 again");
    r.run(6s);
    r.fail();  // ambiguous
    r.run(40s);
    r.sender->failed("elsewhere", {"+49 151 12345678", "unknown", "to 4915112345678 failed"});
    r.disk.error = make_error_code(errc::storage_failed);
    r.begin("4242 once more");
    r.disk.error = {};
    r.run(11min);
    r.send("4242 for the last time");
    r.run(31s);
    r.fail("no_sms_extension");  // late
    r.settle();
    for (const auto* id : {"sms.accepted", "sms.retry", "sms.settled", "sms.failed", "sms.orphan",
                           "sms.ambiguous", "sms.late", "sms.storage", "sms.account_refused"})
        BOOST_TEST(r.logged(id), id);
    for (const auto& line : r.log) {
        BOOST_TEST(line.find("15112345") == std::string::npos, line);
        BOOST_TEST(line.find("4242") == std::string::npos, line);
    }
}

BOOST_AUTO_TEST_CASE(one_that_was_taken_back_is_no_failure_for_the_log)
{
    sender_rig r;
    r.start();
    const auto id = r.send().id;
    r.sender->written(r.keys.at(0));
    r.fail();
    BOOST_TEST(r.sender->cancel(id));
    r.settle();
    BOOST_TEST(r.logged("sms.cancelled"));
    BOOST_TEST(!r.logged("sms.failed"));
}

BOOST_AUTO_TEST_CASE(one_that_nothing_can_correct_any_more_is_told_before_it_is_forgotten)
{
    sms_rules rules;
    rules.late_limit = 0ms;
    rules.duplicate_window = 0s;
    sender_rig r(rules);
    r.disk.at_once = true;
    r.start();
    const auto id = r.send().id;
    r.sender->written(r.keys.at(0));
    r.run(31s);
    BOOST_REQUIRE(r.outcomes.size() == 1u);
    BOOST_TEST((r.outcomes.at(0).id == id));
}

BOOST_AUTO_TEST_CASE(a_host_that_throws_stops_no_other_message)
{
    sender_rig r(no_caps());
    r.start();
    r.on_transmit = [] { throw std::bad_alloc(); };
    BOOST_CHECK_THROW(r.begin("one"), std::bad_alloc);
    r.on_transmit = {};
    BOOST_TEST(r.begin("two")->has_value());
    r.run(6s);  // the first may be on its way, so it has been held
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
