// A handler and its call while an outbox takes its time (reliability.md 3.6).
#include "rig.hpp"

#include "aiflow/memory_outbox.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

struct slow_disk final : outbox {
    bool outlasts_process() const noexcept override { return true; }
    asio::awaitable<error_code> put(sms_record record, durability when) override
    {
        co_await time->sleep_until(time->now() + 50ms);
        if (full)
            co_return make_error_code(errc::storage_full);
        co_return co_await kept.put(std::move(record), when);
    }
    asio::awaitable<boost::system::result<std::vector<sms_record>>>
    load(std::chrono::seconds keep) override
    {
        return kept.load(keep);
    }

    memory_outbox kept;
    manual_clock* time = nullptr;
    bool full = false;
};

struct with_slow_disk {
    slow_disk disk;

    client_options stored_there()
    {
        client_options o;
        o.store = &disk;
        return o;
    }
};

asio::awaitable<void> text_the_caller(scripted_handler& h, std::string what)
{
    if (what == "code")
        co_await h.send_sms(h.caller(), "Your code is 4242.");
}

// In a call, whose handler waits for an SMS to be stored.
struct storing_bot : with_slow_disk, rig {
    storing_bot() : rig(stored_there())
    {
        disk.time = &time;
        bot->on_event = text_the_caller;
        rig::start();
        send(test::start("a"));
        send(speak_event("a", "code"));
    }

    std::size_t frames() { return count(last().received, "send_sms"); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sms_on_a_slow_disk)

BOOST_AUTO_TEST_CASE(a_caller_who_barges_in_keeps_the_bot_and_gets_the_SMS)
{
    storing_bot r;
    r.send(speak_event("a", "wait", true));
    r.run(1s);
    BOOST_TEST(!r.logged("session.handler_failed"));
    BOOST_TEST(r.bot->alive == 1);
    BOOST_TEST(r.bot->journal.back() == "wait");
    BOOST_TEST(r.frames() == 1u);
    r.run(31s);
    BOOST_TEST(r.bot->outcomes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_caller_who_hangs_up_is_said_goodbye_and_the_outcome_is_told)
{
    storing_bot r;
    r.send(plain("session_end", "a"));
    r.run(1s);
    BOOST_TEST(!r.logged("session.handler_failed"));
    BOOST_TEST(r.bot->ends.size() == 1u);
    BOOST_TEST(r.bot->outcomes.size() == 1u);
    BOOST_TEST((r.bot->outcomes.at(0).state == sms_state::abandoned));
    BOOST_TEST(r.bot->alive == 0);
}

BOOST_AUTO_TEST_CASE(a_call_whose_last_SMS_was_not_taken_is_forgotten)
{
    storing_bot r;
    r.disk.full = true;
    r.send(plain("session_end", "a"));
    r.run(1s);
    BOOST_TEST(r.bot->outcomes.empty());
    BOOST_TEST(r.bot->alive == 0);
    BOOST_TEST(!r.loop->home().find("a"));
}

BOOST_AUTO_TEST_SUITE_END()
