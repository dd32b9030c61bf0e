// Events that come by HTTP, and the answers that are made of what handlers say.
#include "manual_clock.hpp"
#include "scripted_handler.hpp"
#include "session/http_endpoint.hpp"
#include "session/service_home.hpp"

#include <aiflow/listener.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

listener_options options(manual_clock& time)
{
    listener_options o;
    o.time = &time;
    o.seed = 7;
    o.sessions.sms.session_interval = 0ms;
    return o;
}

// Texts say how long the bot thinks.
asio::awaitable<void> bot(manual_clock* time, scripted_handler& h, std::string what)
{
    if (what == "slow")
        co_await time->sleep_until(time->now() + 3s);
    if (what == "nothing")
        co_return;
    if (what == "code")
        co_await h.send_sms(h.caller(), "Your confirmation code is 4242.");
    if (what == "bye") {
        co_await h.say("Bye.");
        co_await h.hang_up();
        co_return;
    }
    co_await h.say("after " + what);
}

struct desk {
    desk() : opts(options(time)), service(io.get_executor(), opts)
    {
        service.sessions->serve(make_handler_factory<scripted_handler>(script_));
        script_->on_event = [this](scripted_handler& h, std::string what) {
            return bot(&time, h, std::move(what));
        };
        endpoint = std::make_shared<http_endpoint>(*service.sessions, opts.connection, 800ms);
        asio::co_spawn(io, service.sessions->start(), asio::detached);
        settle(io);
    }

    ~desk()
    {
        asio::co_spawn(io, service.sessions->stop(0ms), asio::detached);
        run_for(io, time, 1min);
    }

    using reply = std::optional<http_endpoint::reply>;

    static asio::awaitable<void> ask(desk* self, std::string body, std::shared_ptr<reply> into)
    {
        *into = co_await self->endpoint->receive(std::move(body));
        self->endpoint->replied(**into, self->network);
    }

    std::shared_ptr<reply> begin(std::string body)
    {
        auto into = std::make_shared<reply>();
        asio::co_spawn(io, ask(this, std::move(body), into), asio::detached);
        settle(io);
        return into;
    }

    // The answer, when none takes time.
    http_endpoint::reply post(std::string body)
    {
        const auto got = begin(std::move(body));
        BOOST_REQUIRE(got->has_value());
        return **got;
    }

    sms_statistics sms() const { return service.sessions->sms().statistics(); }

    manual_clock time;
    asio::io_context io;
    listener_options opts;
    std::shared_ptr<script> script_ = std::make_shared<script>();
    service_home service;
    std::shared_ptr<http_endpoint> endpoint;
    bool network = true;
};

std::vector<std::string> kinds(const std::string& body)
{
    std::vector<std::string> names;
    for (const auto& a : decode_actions(body).value())
        names.emplace_back(type_name(a.action));
    return names;
}

using words = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(http_events)

BOOST_AUTO_TEST_CASE(one_action_is_the_answer)
{
    desk d;
    const auto got = d.post(start("a"));
    BOOST_TEST(got.status == 200U);
    BOOST_TEST((boost::json::parse(got.letter.body) ==
                boost::json::parse(R"({"type":"speak","session_id":"a","text":"after start"})")));
}

BOOST_AUTO_TEST_CASE(several_are_an_array_in_their_order)
{
    desk d;
    d.post(start("a"));
    BOOST_TEST(kinds(d.post(speak_event("a", "bye")).letter.body) == (words{"speak", "hangup"}));
    BOOST_TEST(kinds(d.post(speak_event("a", "code")).letter.body) == (words{"send_sms", "speak"}));
}

BOOST_AUTO_TEST_CASE(no_action_is_204)
{
    desk d;
    d.post(start("a"));
    for (const auto& event : {speak_event("a", "nothing"), plain("user_speech_started", "a"),
                              plain("session_end", "a")}) {
        const auto got = d.post(event);
        BOOST_TEST(got.status == 204U);
        BOOST_TEST(got.letter.body.empty());
    }
    BOOST_TEST(d.script_->ends.size() == 1U);
    BOOST_TEST(d.script_->alive == 0);
}

BOOST_AUTO_TEST_CASE(the_answer_waits_no_longer_than_it_may)
{
    desk d;
    d.post(start("a"));
    const auto slow = d.begin(speak_event("a", "slow"));
    BOOST_TEST(!slow->has_value());
    run_for(d.io, d.time, 799ms);
    BOOST_TEST(!slow->has_value());
    run_for(d.io, d.time, 1ms);
    BOOST_REQUIRE(slow->has_value());
    BOOST_TEST((*slow)->status == 204U);
    // What it says later goes with the next event's answer.
    run_for(d.io, d.time, 3s);
    const auto next = d.post(speak_event("a", "nothing"));
    BOOST_TEST(next.status == 200U);
    BOOST_TEST(std::get<speak>(nth({next.letter.body}, "speak").action).text == "after slow");
}

BOOST_AUTO_TEST_CASE(a_handler_that_needs_a_while_but_not_too_long)
{
    desk d;
    d.opts.sessions = {};
    d.script_->on_event = [&d](scripted_handler& h, std::string) -> asio::awaitable<void> {
        return bot(&d.time, h, "slow");
    };
    const auto slow = std::make_shared<http_endpoint>(*d.service.sessions, d.opts.connection, 5s);
    d.endpoint = slow;
    const auto got = d.begin(start("a"));
    run_for(d.io, d.time, 3s);
    BOOST_REQUIRE(got->has_value());
    BOOST_TEST(kinds((*got)->letter.body) == words{"speak"});
}

BOOST_AUTO_TEST_CASE(a_repeated_sms_goes_with_the_next_event)
{
    desk d;
    d.post(start("a"));
    BOOST_TEST(count({d.post(speak_event("a", "code")).letter.body}, "send_sms") == 1U);
    BOOST_TEST(d.post(failed_event("a", "4915112345678", "smsc_unavailable")).status == 200U);
    run_for(d.io, d.time, 20s);
    const auto next = d.post(speak_event("a", "nothing"));
    BOOST_TEST(count({next.letter.body}, "send_sms") == 1U);
    run_for(d.io, d.time, 1min);
    BOOST_TEST(d.script_->outcomes.size() == 1U);
    BOOST_TEST((d.script_->outcomes.front().state == sms_state::assumed_sent));
    BOOST_TEST(d.script_->outcomes.front().attempts == 2U);
}

BOOST_AUTO_TEST_CASE(a_repeated_sms_is_given_up_when_the_session_ends_first)
{
    desk d;
    d.post(start("a"));
    d.post(speak_event("a", "code"));
    d.post(failed_event("a", "4915112345678", "smsc_unavailable"));
    run_for(d.io, d.time, 20s);
    BOOST_TEST(d.post(plain("session_end", "a")).status == 204U);
    run_for(d.io, d.time, 2min);
    BOOST_TEST(d.script_->outcomes.size() == 1U);
    BOOST_TEST((d.script_->outcomes.front().state == sms_state::abandoned));
    BOOST_TEST(d.script_->alive == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_not_written_may_have_arrived)
{
    desk d;
    d.post(start("a"));
    d.network = false;
    d.post(speak_event("a", "code"));
    run_for(d.io, d.time, 2min);
    BOOST_TEST(d.script_->outcomes.size() == 1U);
    BOOST_TEST((d.script_->outcomes.front().state == sms_state::unobserved));
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_400)
{
    desk d;
    for (const char* body :
         {"", "{", "[]", "42", R"({"type":"user_speak"})", R"({"session":{"id":"a"}})"}) {
        const auto got = d.post(body);
        BOOST_TEST(got.status == 400U, body);
        BOOST_TEST(!got.detail.empty());
    }
    BOOST_TEST(d.post("[" + start("a") + "," + start("b") + "]").status == 400U);
    BOOST_TEST(d.script_->sessions.empty());
}

BOOST_AUTO_TEST_CASE(an_action_after_the_end_is_refused_by_name)
{
    desk d;
    d.post(start("a"));
    d.post(plain("session_end", "a"));
    BOOST_TEST((d.script_->sessions.front().send(hangup{}).error().code == errc::session_over));
}

BOOST_AUTO_TEST_CASE(two_requests_of_one_session_at_once)
{
    desk d;
    d.post(start("a"));
    const auto first = d.begin(speak_event("a", "slow"));
    const auto second = d.begin(speak_event("a", "quick"));
    run_for(d.io, d.time, 10s);
    BOOST_REQUIRE(first->has_value());
    BOOST_REQUIRE(second->has_value());
    const auto last = d.post(speak_event("a", "nothing"));
    BOOST_TEST(count({last.letter.body}, "speak") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
