// A listener that ends, and another one that takes up its SMS.
#include "listener_rig.hpp"
#include "outbox_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> send_code(scripted_handler& h, std::string what)
{
    if (what == "code")
        co_await h.send_sms(h.caller(), "Your confirmation code is 4242.");
}

struct durable_rig : listener_rig {
    explicit durable_rig(outbox& store) : listener_rig(options(store))
    {
        bot->on_event = send_code;
    }

    static listener_options options(outbox& store)
    {
        listener_options o;
        o.store = &store;
        return o;
    }
};

sqlite_outbox_options in(const temporary_directory& place)
{
    sqlite_outbox_options o;
    o.directory = place.path();
    return o;
}

sms_state state_in(sqlite_outbox& store)
{
    return run(store.list(std::nullopt, 1)).value().at(0).state;
}

// A call whose first attempt has failed, and a listener that ends then.
void fail_and_end(sqlite_outbox& store)
{
    durable_rig r(store);
    auto call = r.dial_in().value();
    r.send(*call, start("a"));
    r.send(*call, speak_event("a", "code"));
    BOOST_TEST(count({r.next(*call)}, "send_sms") == 1U);
    r.send(*call, failed_event("a", "4915112345678", "smsc_unavailable"));
    BOOST_TEST(r.until([&] { return r.bot->failures.size() == 1; }));
    BOOST_TEST(r.bot->failures.front().will_retry);
    r.service->abort();
    BOOST_TEST(r.until([&] { return r.finished.has_value(); }));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(durable)

BOOST_AUTO_TEST_CASE(a_retry_that_waits_goes_on_after_the_next_start)
{
    temporary_directory place;
    {
        sqlite_outbox store(in(place));
        fail_and_end(store);
        BOOST_TEST((state_in(store) == sms_state::waiting_retry));
    }
    sqlite_outbox store(in(place));
    durable_rig r(store);
    auto call = r.dial_in().value();
    r.pass(3s);  // its time has come, but nobody knows yet whether its call goes on
    r.send(*call, speak_event("a", "hello"));
    BOOST_TEST(count({r.next(*call)}, "send_sms") == 1U);
    r.send(*call, plain("session_end", "a"));
    BOOST_TEST(r.until([&] { return r.bot->alive == 0 || !r.bot->ends.empty(); }));
    r.pass(31s);
    BOOST_TEST(r.until([&] { return !r.bot->outcomes.empty(); }));
    BOOST_TEST((r.bot->outcomes.front().state == sms_state::assumed_sent));
    BOOST_TEST(r.bot->outcomes.front().attempts == 2U);
}

BOOST_AUTO_TEST_CASE(a_call_that_does_not_come_back_costs_no_frame)
{
    temporary_directory place;
    sqlite_outbox store(in(place));
    fail_and_end(store);
    durable_rig r(store);
    auto call = r.dial_in().value();
    r.send(*call, start("b"));
    r.pass(6min);
    BOOST_TEST(r.until([&] { return is_final(state_in(store)); }));
    BOOST_TEST((state_in(store) == sms_state::expired));
}

BOOST_AUTO_TEST_SUITE_END()
