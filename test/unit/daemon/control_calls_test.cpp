// Requests about live calls.
#include "aiflow/codec.hpp"
#include "control_rig.hpp"
#include "daemon/find_call.hpp"
#include "scripted_handler.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

struct calls_fixture {
    std::vector<addressed_action> sent(std::string_view call)
    {
        const auto body = rig.event(speak_event(call, "and"));
        return body.empty() ? std::vector<addressed_action>() : decode_actions(body).value();
    }

    asio::io_context io;
    manual_clock time;
    control_rig rig{io, time};
};

std::string say(std::string_view session, std::string_view text)
{
    return R"({"type":"speak","session_id":")" + std::string(session) + R"(","text":")" +
           std::string(text) + R"("})";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(control_calls_suite, calls_fixture)

BOOST_AUTO_TEST_CASE(live_calls_are_listed)
{
    BOOST_TEST(boost::json::serialize(rig.json(200, "GET", "/v1/calls")) == R"({"calls":[]})");
    rig.event(start("7f3a9c21-5d1e"));
    time.advance(1500ms);
    rig.event(speak_event("7f3a9c21-5d1e", "hello"));
    BOOST_TEST(
        boost::json::serialize(rig.json(200, "GET", "/v1/calls")) ==
        R"({"calls":[{"session":"7f3a9c21-5d1e","from":"***678","to":"***000",)"
        R"("direction":"inbound","opened":"2026-12-18T00:00:00.000Z",)"
        R"("last":"2026-12-18T00:00:01.500Z","last_event":"user_speak","events":2,"actions":0}]})");
    const auto open = rig.json(200, "GET", "/v1/calls?unmasked=true").at("calls").as_array();
    BOOST_TEST(open[0].at("from").as_string() == "4915112345678");
    rig.event(plain("session_end", "7f3a9c21-5d1e"));
    run_for(io, time, 1min);
    BOOST_TEST(boost::json::serialize(rig.json(200, "GET", "/v1/calls")) == R"({"calls":[]})");
}

BOOST_AUTO_TEST_CASE(a_call_is_named_by_the_beginning_of_its_id)
{
    const live_calls calls{
        {"7f3a", nullptr}, {"7f3a9c21-5d1e", nullptr}, {"7f3a9c22-0000", nullptr}, {"b1", nullptr}};
    struct row {
        std::string_view id, code;
    };
    const row rows[] = {{"7f3a", ""},
                        {"7f3a9c21", ""},
                        {"7f3a9c21-5d1e", ""},
                        {"7f3a9c22", ""},
                        {"b1", ""},
                        {"7f3a9", "ambiguous_session"},
                        {"7f3a9c2", "ambiguous_session"},
                        {"7f3", "invalid_value"},
                        {"b", "invalid_value"},
                        {"", "invalid_value"},
                        {"7f3b", "unknown_session"},
                        {"zzzz", "unknown_session"},
                        {"7f3a9c21-5d1e-more", "unknown_session"}};
    for (const auto& r : rows) {
        const auto found = find_call(calls, r.id);
        BOOST_TEST((found ? "" : found.error().code) == r.code, r.id);
    }
}

BOOST_AUTO_TEST_CASE(actions_go_to_their_calls_in_order)
{
    rig.event(start("aaaa1111"));
    rig.event(start("bbbb2222"));
    const auto o = rig.json(200, "POST", "/v1/actions",
                            "[" + say("aaaa", "one") + "," + say("bbbb2222", "two") + "," +
                                say("aaaa1", "three") + "]");
    BOOST_TEST(boost::json::serialize(o) == R"({"sent":3,"refused":[],"sms":[]})");
    const auto a = sent("aaaa1111");
    BOOST_TEST_REQUIRE(a.size() == 2U);
    BOOST_TEST(a[0].session_id == "aaaa1111");
    BOOST_TEST(std::get<speak>(a[0].action).text == "one");
    BOOST_TEST(std::get<speak>(a[1].action).text == "three");
    const auto b = sent("bbbb2222");
    BOOST_TEST_REQUIRE(b.size() == 1U);
    BOOST_TEST(std::get<speak>(b[0].action).text == "two");
}

BOOST_AUTO_TEST_CASE(one_action_needs_no_array)
{
    rig.event(start("aaaa1111"));
    const auto o =
        rig.json(200, "POST", "/v1/actions", R"({"type":"hangup","session_id":"aaaa1111"})");
    BOOST_TEST(o.at("sent").to_number<int>() == 1);
    BOOST_TEST(sent("aaaa1111").size() == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_when_one_call_is_not_there)
{
    rig.event(start("aaaa1111"));
    BOOST_TEST(rig.error(404, "POST", "/v1/actions",
                         "[" + say("aaaa1111", "one") + "," + say("cccc", "two") + "]") ==
               "unknown_session");
    BOOST_TEST(sent("aaaa1111").empty());
}

BOOST_AUTO_TEST_CASE(an_sms_among_the_actions_has_an_id)
{
    rig.event(start("aaaa1111"));
    const std::string sms =
        R"({"type":"send_sms","session_id":"aaaa1111","phone_number":"4915199999123",)"
        R"("message":"Hi"})";
    const auto o = rig.json(200, "POST", "/v1/actions", "[" + sms + "," + sms + "]");
    BOOST_TEST(o.at("sent").to_number<int>() == 1);
    BOOST_TEST(o.at("sms").as_array().size() == 1U);
    const auto& refused = o.at("refused").as_array();
    BOOST_TEST_REQUIRE(refused.size() == 1U);
    BOOST_TEST(refused[0].at("code").as_string() == "sms_duplicate_suppressed");
    BOOST_TEST(!refused[0].at("text").as_string().empty());
    BOOST_TEST(sent("aaaa1111").size() == 1U);
}

BOOST_AUTO_TEST_CASE(bad_actions_are_refused_with_their_place)
{
    struct row {
        std::string_view body;
        unsigned status;
        std::string_view code, field;
    };
    const row rows[] = {
        {R"({"type":"speak","text":"a"})", 422, "invalid_value", "session_id"},
        {R"({"type":"sing","session_id":"aaaa1111"})", 422, "invalid_value", "type"},
        {R"([{"type":"hangup","session_id":"aaaa1111"},{"type":"speak","session_id":"aaaa1111"}])",
         422, "invalid_choice", "[1].text"},
        {"{", 400, "not_json", ""},
        {"7", 422, "not_an_object", ""},
    };
    rig.event(start("aaaa1111"));
    for (const auto& r : rows) {
        const auto e = rig.json(r.status, "POST", "/v1/actions", std::string(r.body)).at("error");
        BOOST_TEST(e.at("code").as_string() == r.code, r.body);
        BOOST_TEST(e.at("field").as_string() == r.field, r.body);
    }
    BOOST_TEST(sent("aaaa1111").empty());
}

BOOST_AUTO_TEST_CASE(a_tail_is_asked_for_in_known_words)
{
    rig.event(start("aaaa1111"));
    const auto a = rig.ask("GET", "/v1/tail?session=aaaa&types=user_speak,,outcome&content=true");
    BOOST_TEST(a.status == 200U);
    BOOST_TEST(a.content_type == "application/x-ndjson");
    BOOST_TEST_REQUIRE(a.tail != nullptr);
    const auto& filter = a.tail->filter();
    BOOST_TEST(filter.session == "aaaa1111");
    BOOST_TEST((filter.types == std::vector<std::string>{"user_speak", "outcome"}));
    BOOST_TEST(filter.shown.content);
    BOOST_TEST(!filter.shown.numbers);
    BOOST_TEST(rig.error(404, "GET", "/v1/tail?session=cccc") == "unknown_session");
    BOOST_TEST(rig.error(422, "GET", "/v1/tail?content=yes") == "invalid_value");
}

BOOST_AUTO_TEST_CASE(a_tail_of_nothing_that_there_is_is_refused_with_what_there_is)
{
    const auto e = rig.json(422, "GET", "/v1/tail?types=speak,nosuch").at("error");
    BOOST_TEST(e.at("field").as_string() == "types");
    BOOST_TEST(e.at("text").as_string() ==
               "\"nosuch\" is none of opened, event, action, outcome, closed, session_start, "
               "user_speech_started, user_speak, user_barge_in, dtmf_received, assistant_speak, "
               "assistant_speech_ended, user_input_timeout, sms_failed, session_end, speak, audio, "
               "mix_audio, hangup, transfer, barge_in, configure_transcription, "
               "configure_voice_to_voice, send_sms");
    BOOST_TEST(rig.error(422, "GET", "/v1/tail?types=other") == "invalid_value");
}

BOOST_AUTO_TEST_CASE(not_everybody_can_watch_at_once)
{
    std::vector<control_answer> watching;
    for (std::size_t n = 0; n < live_feed::max_tails; ++n)
        watching.push_back(rig.ask("GET", "/v1/tail"));
    BOOST_TEST(watching.back().tail != nullptr);
    BOOST_TEST(rig.error(503, "GET", "/v1/tail") == "too_many_tails");
    watching.pop_back();
    BOOST_TEST(rig.ask("GET", "/v1/tail").status == 200U);
}

BOOST_AUTO_TEST_SUITE_END()
