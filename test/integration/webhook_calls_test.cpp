// Calls that a web app answers: the test is AI Flow on one side and the app on the other.
#include "webhook_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

constexpr auto session_json = R"("session":{"id":"s1","from_phone_number":"4915112345678"})";

std::string posted_event(std::string_view type, std::string_view members = {})
{
    return R"({"type":")" + std::string(type) + "\"," + std::string(members) + session_json + "}";
}

std::string heard(std::string_view text, bool barged_in = false)
{
    return posted_event("user_speak", R"("text":")" + std::string(text) + R"(","barged_in":)" +
                                          (barged_in ? "true," : "false,"));
}

std::string spoken(std::string_view text)
{
    return R"({"type":"speak","session_id":"s1","text":")" + std::string(text) + "\"}";
}

std::string sms(std::string_view text)
{
    return R"({"type":"send_sms","session_id":"s1","phone_number":"4915112345678","message":")" +
           std::string(text) + "\"}";
}

daemon_config::webhook_section brittle()
{
    daemon_config::webhook_section s;
    s.breaker_failures = 2;
    return s;
}

// Answers two events with what says nothing to the caller; a third one is there then.
void answer_twice(webhook_rig& r, raw_peer& app, std::string_view answer)
{
    for (int i = 0; i < 2; ++i) {
        r.post_to(app);
        app.send(http_text("200 OK", answer));
        BOOST_TEST(r.silent());
        r.send(heard("again"));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_calls_suite)

BOOST_AUTO_TEST_CASE(an_event_becomes_a_post_and_its_answer_an_action)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    BOOST_REQUIRE(app.receives("\r\n\r\n"));
    BOOST_TEST(app.received().starts_with("POST /hook?a=b HTTP/1.1\r\n"));
    BOOST_TEST(app.received().find("\r\nX-API-TOKEN: t0ken\r\n") != std::string::npos);
    BOOST_TEST(r.post_to(app) == posted_event("session_start"));
    app.send(http_text("200 OK", spoken("Hello.")));
    BOOST_TEST(r.next() == spoken("Hello."));

    r.send(heard("my code please"));
    BOOST_TEST(r.post_to(app) == heard("my code please"));
    app.send(http_text("200 OK", "[" + sms("4242") + "," + spoken("Sent.") + "]"));
    BOOST_TEST(r.next() == sms("4242"));
    BOOST_TEST(r.next() == spoken("Sent."));
    BOOST_TEST(r.bot->health().answers == 2U);

    r.send(posted_event("session_end"));
    BOOST_TEST(r.post_to(app) == posted_event("session_end"));
    app.send(http_text("200 OK", spoken("Too late.")));
    BOOST_TEST(r.silent());
    for (const auto& line : r.log)
        BOOST_TEST(
            (line.find("t0ken") == std::string::npos && line.find("4242") == std::string::npos),
            line);
}

BOOST_AUTO_TEST_CASE(events_of_a_call_are_posted_in_order_and_calls_do_not_wait_for_each_other)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    BOOST_TEST(r.post_to(app) == posted_event("session_start"));
    r.send(heard("one"));
    r.send(posted_event("dtmf_received", R"("digit":"1",)"));
    BOOST_TEST(r.silent());
    BOOST_TEST(app.received() == "");

    r.send(R"({"type":"session_start","session":{"id":"s2"}})");
    auto other = r.app();
    BOOST_TEST(r.post_to(other) == R"({"type":"session_start","session":{"id":"s2"}})");
    other.send(http_text("200 OK", R"({"type":"hangup","session_id":"s2"})"));
    BOOST_TEST(r.next() == R"({"type":"hangup","session_id":"s2"})");

    app.send("HTTP/1.1 204 No Content\r\n\r\n");
    BOOST_REQUIRE(r.until([&] {
        return app.received().find("one") != std::string::npos ||
               other.received().find("one") != std::string::npos;
    }));
    auto& second = app.received().empty() ? other : app;
    BOOST_TEST(r.post_to(second) == heard("one"));
    BOOST_TEST(r.silent());
    second.send("HTTP/1.1 204 No Content\r\n\r\n");
    BOOST_REQUIRE(r.until([&] {
        return app.received().find("dtmf") != std::string::npos ||
               other.received().find("dtmf") != std::string::npos;
    }));
}

BOOST_AUTO_TEST_CASE(speech_that_begins_is_not_posted_and_events_that_are_not_known_are)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    r.post_to(app);
    app.send(http_text("204 No Content"));
    r.send(posted_event("user_speech_started"));
    const auto unknown = posted_event("brand_new", R"("value":[1,{"a":null}],)");
    r.send(unknown);
    BOOST_TEST(r.post_to(app) == unknown);
}

BOOST_AUTO_TEST_CASE(answers_that_are_no_actions_do_no_harm)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    answer_twice(r, app, R"({"success":true})");
    r.post_to(app);
    app.send(http_text("200 OK", R"([{"type":"speak","session_id":"s1","hunter2":7},)" +
                                     spoken("All the same.") + "]"));
    BOOST_TEST(r.next() == spoken("All the same."));
    BOOST_TEST(r.bot->health().bad_answers == 3U);
    BOOST_TEST(r.bot->health().failures == 0U);
    BOOST_TEST(r.logged("webhook.no_action") == 1U);
    BOOST_TEST(r.logged("webhook.bad_action") == 1U);
    for (const auto& line : r.log)
        BOOST_TEST(line.find("All the same") == std::string::npos, line);
}

BOOST_AUTO_TEST_CASE(an_sms_that_is_none_comes_back_as_one_that_failed)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    r.post_to(app);
    app.send(http_text("200 OK", R"([{"type":"send_sms","session_id":"s1",)"
                                 R"("phone_number":"0151 123","message":"4242"},)" +
                                     spoken("It is on its way.") + "]"));
    BOOST_TEST(r.next() == spoken("It is on its way."));
    const auto failure = r.post_to(app);
    BOOST_TEST(failure.find(R"("type":"sms_failed")") != std::string::npos, failure);
    BOOST_TEST(failure.find("aiflowd: not sent: [0].phone_number: ") != std::string::npos, failure);
    BOOST_TEST(failure.find("0151") == std::string::npos, failure);
}

BOOST_AUTO_TEST_CASE(each_kind_of_mistake_is_told_once_a_call)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    answer_twice(r, app,
                 R"([{"type":"speak","session_id":"s1"},)"
                 R"({"type":"dance","session_id":"s1"}])");
    r.post_to(app);
    BOOST_TEST(r.logged("webhook.bad_action") == 2U);
}

BOOST_AUTO_TEST_CASE(an_app_that_fails_is_left_alone_and_tried_again)
{
    webhook_rig r(brittle());
    r.send(posted_event("session_start"));
    auto app = r.app();
    r.post_to(app);
    app.send(http_text("500 Oops", "hunter2"));
    BOOST_TEST(r.next() == spoken("Sorry."));
    BOOST_TEST(r.bot->health().ready);
    r.send(heard("one"));
    r.post_to(app);
    app.send(http_text("500 Oops"));
    BOOST_REQUIRE(r.until([&] { return !r.bot->health().ready; }));
    const auto name = "HTTP 500 from 127.0.0.1:" + std::to_string(r.net.port());
    BOOST_TEST(r.bot->health().text == name + "; again in 10 s");

    // Posted nowhere, and the apology is not said twice in a row.
    r.send(heard("two"));
    BOOST_TEST(r.silent());
    BOOST_TEST(app.received() == "");
    r.send(R"({"type":"session_start","session":{"id":"s2"}})");
    BOOST_TEST(r.next() == R"({"type":"speak","session_id":"s2","text":"Sorry."})");

    r.pass(10s);
    BOOST_TEST(r.bot->health().text == name + "; again with the next event");
    r.send(heard("three"));
    BOOST_TEST(r.post_to(app) == heard("three"));
    r.send(R"({"type":"dtmf_received","digit":"1","session":{"id":"s2"}})");
    BOOST_TEST(r.silent());  // one probe is enough
    app.send(http_text("200 OK", spoken("Here again.")));
    BOOST_TEST(r.next() == spoken("Here again."));
    BOOST_TEST(r.bot->health().ready);
    BOOST_TEST(r.bot->health().text == "");
    BOOST_TEST(r.bot->health().failures == 2U);
    BOOST_TEST(r.logged("webhook.down") == 1U);
    BOOST_TEST(r.logged("webhook.up") == 1U);
    for (const auto& line : r.log)
        BOOST_TEST(line.find("hunter2") == std::string::npos, line);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_one_event_is_no_reason_to_apologise)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    r.post_to(app);
    app.send(http_text("400 Bad Request"));
    BOOST_TEST(r.silent());
    BOOST_TEST(r.bot->health().failures == 1U);
}

BOOST_AUTO_TEST_CASE(an_app_that_does_not_answer_in_time)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    r.post_to(app);
    r.pass(4'999ms);
    BOOST_TEST(r.silent());
    r.pass(1ms);
    BOOST_TEST(r.next() == spoken("Sorry."));
    BOOST_TEST(app.sees_end());
    BOOST_TEST(r.logged("webhook.failed") == 1U);
}

// The app believes that its SMS is on its way; what it wanted to say is not of interest any more.
BOOST_AUTO_TEST_CASE(a_caller_who_barges_in_does_not_wait_and_loses_no_sms)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    r.post_to(app);
    r.send(heard("stop", true));
    auto other = r.app();
    BOOST_TEST(r.post_to(other) == heard("stop", true));
    other.send(http_text("200 OK", spoken("Yes?")));
    BOOST_TEST(r.next() == spoken("Yes?"));
    app.send(http_text("200 OK", "[" + spoken("A long story.") + "," + sms("4242") + "]"));
    BOOST_TEST(r.next() == sms("4242"));
    BOOST_TEST(r.silent());
}

BOOST_AUTO_TEST_CASE(the_end_of_a_call_cancels_what_it_was_waiting_for)
{
    webhook_rig r;
    r.send(posted_event("session_start"));
    auto app = r.app();
    r.post_to(app);
    r.send(posted_event("session_end"));
    BOOST_TEST(app.sees_end());
    auto other = r.app();
    BOOST_TEST(r.post_to(other) == posted_event("session_end"));
    other.send(http_text("204 No Content"));
    BOOST_REQUIRE(r.until([&] { return r.env.calls.empty(); }));
    BOOST_TEST(r.bot->health().failures == 0U);
    BOOST_TEST(r.bot->health().waiting == 0U);
}

BOOST_AUTO_TEST_CASE(a_reload_takes_over_the_token_and_refuses_what_is_wrong)
{
    webhook_rig r;
    r.bot->offer_token(secret("new\r\nX-Evil: 1"));
    BOOST_TEST(r.bot->reload(r.config).has_value());
    r.send(posted_event("session_start"));
    auto app = r.app();
    BOOST_TEST(app.receives("X-API-TOKEN: t0ken\r\n"));
    r.post_to(app);
    app.send(http_text("204 No Content"));
    BOOST_TEST(r.silent());

    r.bot->offer_token(secret("fresh"));
    auto changed = r.config;
    changed.webhook.url += "&c=d";
    changed.webhook.timeout = 1s;
    BOOST_TEST(!r.bot->reload(changed));
    BOOST_TEST(app.sees_end());
    r.send(heard("one"));
    auto other = r.app();
    BOOST_REQUIRE(other.receives("\r\n\r\n"));
    BOOST_TEST(other.received().starts_with("POST /hook?a=b&c=d HTTP/1.1\r\n"));
    BOOST_TEST(other.received().find("X-API-TOKEN: fresh\r\n") != std::string::npos);
    r.pass(1s);
    BOOST_TEST(other.sees_end());
}

BOOST_AUTO_TEST_CASE(a_configuration_that_is_wrong_makes_no_bot)
{
    loopback net;
    bot_environment env;
    const daemon_config empty;
    BOOST_CHECK_THROW(webhook_bot(net.io.get_executor(), env, empty, secret()), failure);
}

BOOST_AUTO_TEST_SUITE_END()
