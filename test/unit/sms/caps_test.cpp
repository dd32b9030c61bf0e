// Every refusal at submit: its name, its field, and that it names a limit (reliability.md 3.7;
// F54).
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

#include <iterator>

using namespace aiflow;
using namespace aiflow::test;

namespace {

struct refusal {
    errc code;
    const char* field;
    const char* says;
    void (*before)(tracker_rig&);
    sms_options options = {};
    std::string text = "the text 4242";
    std::string recipient = someone;
};

const refusal refusals[] = {
    {errc::sms_empty, "message", "at least 1", [](tracker_rig&) {}, {}, ""},
    {errc::sms_too_long, "message", "1530", [](tracker_rig&) {}, {}, std::string(1531, 'x')},
    {errc::invalid_text, "message", "UTF-8", [](tracker_rig&) {}, {}, "bad \xff"},
    {errc::invalid_text, "message", "control", [](tracker_rig&) {}, {}, "a\rb"},
    {errc::invalid_value,
     "client_ref",
     "128",
     [](tracker_rig&) {},
     {.client_ref = std::string(129, 'k')}},
    {errc::invalid_value, "max_age", "1 to 86400", [](tracker_rig&) {}, {.max_age = 0s}},
    {errc::sms_session_messages, "session", "at most 3",
     [](tracker_rig& r) {
         for (const auto* text : {"one", "two", "three"}) {
             r.send(text);
             r.run(40s);
         }
     }},
    {errc::sms_session_recipients, "recipient", "at most 2",
     [](tracker_rig& r) {
         r.send("one", {}, "4915100000001");
         r.run(10s);
         r.send("two", {}, "4915100000002");
         r.run(10s);
     }},
    {errc::sms_session_interval, "session", "try again in 6 s",
     [](tracker_rig& r) {
         r.send("one");
         r.run(4s);
     }},
    {errc::sms_recipient_rate, "recipient", "at most 5",
     [](tracker_rig& r) {
         for (int n = 0; n < 5; ++n) {
             r.up("call " + std::to_string(n));
             r.send("text", {}, someone, "call " + std::to_string(n));
             r.run(11min);
         }
     }},
    {errc::sms_process_rate, "process", "at most 60",
     [](tracker_rig& r) {
         for (int n = 0; n < 60; ++n) {
             r.up("call " + std::to_string(n));
             r.send("text", {}, std::to_string(4915100000000 + n), "call " + std::to_string(n));
         }
     }},
    {errc::sms_duplicate_suppressed, "message", "60 s",
     [](tracker_rig& r) {
         r.send("the text 4242");
         r.run(59s);
     }},
    {errc::sms_client_ref_conflict,
     "client_ref",
     "new key",
     [](tracker_rig& r) { r.send("something else", {.client_ref = "k"}); },
     {.client_ref = "k"}},
    {errc::sms_account_refused, "account", "no_sms_extension",
     [](tracker_rig& r) {
         r.send("something else");
         r.fail("no_sms_extension");
     }},
    {errc::session_over, "session", "over",
     [](tracker_rig& r) {
         r.send("something else");
         r.over();
     }},
    {errc::shutting_down, "session", "shutting down",
     [](tracker_rig& r) { r.tracker->stop(r.at); }},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(caps)

BOOST_AUTO_TEST_CASE(every_refusal_has_a_name_a_field_and_a_limit)
{
    for (const auto& row : refusals) {
        tracker_rig r;
        row.before(r);
        r.up();
        if (row.code == errc::session_over)
            r.over();
        const auto frames = r.frames.size();
        const auto result = r.submit(row.text, row.options, row.recipient);
        BOOST_TEST_CONTEXT(row.field << " " << row.says)
        {
            BOOST_REQUIRE(result.has_error());
            const auto& p = result.error();
            BOOST_TEST(p.code == make_error_code(row.code));
            BOOST_TEST(p.field == row.field);
            BOOST_TEST(p.text.find(row.says) != std::string::npos, p.text);
            BOOST_TEST(p.text.find("4242") == std::string::npos);
            BOOST_TEST(to_string(p).find(row.recipient) == std::string::npos);
            BOOST_TEST(r.frames.size() == frames);
            BOOST_TEST(r.tracker->statistics().refused == 1u);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_frames_of_a_session_are_capped_and_promised)
{
    sms_rules rules = tracker_rig::uncapped();
    rules.session_frames = 3;
    tracker_rig r(rules);
    const auto one = r.send("one");
    r.send("two", {}, someone_else);
    BOOST_TEST(r.fail().will_retry);  // the third and last frame is promised to it
    BOOST_TEST(!r.fail("smsc_unavailable", someone_else).will_retry);
    BOOST_TEST((r.submit("three").error().code == errc::sms_session_frames));
    r.run(1min);
    BOOST_TEST(r.frames.size() == 3u);
    BOOST_TEST(r.outcome(one).attempts == 2u);
    BOOST_TEST(r.submit("three").error().text.find("at most 3") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_promise_that_is_not_needed_is_free_again)
{
    sms_rules rules = tracker_rig::uncapped();
    rules.session_frames = 1;
    tracker_rig r(rules);
    r.connected = false;
    const auto one = r.send("one");
    BOOST_TEST((r.submit("two").error().code == errc::sms_session_frames));
    BOOST_TEST(r.tracker->cancel(r.at, one));
    r.connected = true;
    r.send("two");
    BOOST_TEST(r.frames.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_outbox_has_a_size)
{
    sms_rules rules = tracker_rig::uncapped();
    rules.max_open = 2;
    tracker_rig r(rules);
    r.send("one");
    r.send("two");
    const auto refused = r.submit("three");
    BOOST_TEST((refused.error().code == errc::outbox_full));
    BOOST_TEST(refused.error().field == "outbox");
    r.run(1min);
    r.send("three");
}

BOOST_AUTO_TEST_CASE(F54_a_hundred_in_one_session)
{
    tracker_rig r;
    int accepted = 0;
    for (int n = 0; n < 100; ++n) {
        accepted += r.submit("text " + std::to_string(n)).has_value() ? 1 : 0;
        r.run(1s);
    }
    BOOST_TEST(accepted == 3);
    BOOST_TEST(r.frames.size() == 3u);
}

BOOST_AUTO_TEST_CASE(F54_a_thousand_sessions_to_one_number)
{
    tracker_rig r;
    int accepted = 0;
    for (int n = 0; n < 1000; ++n) {
        const auto call = "call " + std::to_string(n);
        r.up(call);
        accepted += r.submit("text", {}, someone, call).has_value() ? 1 : 0;
        r.run(2s);
    }
    BOOST_TEST(accepted == 5);
    BOOST_TEST(r.frames.size() == 5u);
    r.run(1h);
    r.send("text");
}

BOOST_AUTO_TEST_CASE(a_minute_later_the_process_may_send_again)
{
    tracker_rig r;
    const auto submit = [&](int n) {
        const auto call = "call " + std::to_string(n);
        r.up(call);
        return r.submit("text", {}, std::to_string(4915100000000 + n), call).has_value();
    };
    for (int n = 0; n < 60; ++n)
        BOOST_TEST(submit(n));
    r.run(59'999ms);
    BOOST_TEST(!submit(60));
    r.run(1ms);
    BOOST_TEST(submit(60));
}

BOOST_AUTO_TEST_CASE(a_retry_is_exempt_from_the_interval)
{
    tracker_rig r;
    r.send();
    r.fail();
    r.run(3s);
    BOOST_TEST(r.frames.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
