#include "aiflow/codec.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

namespace aiflow::test {
namespace {

incoming_event only(event_decoder& decoder, std::string_view json)
{
    const auto message = decoder.decode(json);
    BOOST_TEST(message.error.message() == error_code().message(), json);
    BOOST_TEST(message.dropped == 0U);
    BOOST_TEST_REQUIRE(message.events.size() == 1U, json);
    return message.events.front();
}

template <class T>
T only_as(event_decoder& decoder, std::string_view json)
{
    const auto e = only(decoder, json);
    BOOST_TEST_REQUIRE(std::holds_alternative<T>(e.event), json);
    return std::get<T>(e.event);
}

BOOST_AUTO_TEST_SUITE(event_codec)

BOOST_AUTO_TEST_CASE(every_event_comes_back)
{
    event_decoder decoder;
    for (const auto& session : {full_session(), session_info{.id = "session-123"}}) {
        for (const auto& e : every_event()) {
            const incoming_event sent{session, e, ""};
            std::string json = "kept:";
            encode(json, sent);
            BOOST_TEST(json.starts_with("kept:{\"type\":\""));
            const auto message = decoder.decode(std::string_view(json).substr(5));
            BOOST_TEST_REQUIRE(message.events.size() == 1U, json);
            BOOST_TEST((message.events.front() == sent), json);
            BOOST_TEST(message.wrong_types == 0U);
            BOOST_TEST(!message.error.failed());
        }
    }
}

BOOST_AUTO_TEST_CASE(events_are_written_as_the_service_does)
{
    const session_info session{.id = "a", .account_id = "b"};
    const std::pair<event, std::string_view> rows[] = {
        {session_start{true}, R"({"type":"session_start",)"},
        {user_speak{"Hi\n\x01", false},
         R"({"type":"user_speak","text":"Hi\n\u0001","barged_in":false,)"},
        {user_barge_in{}, R"({"type":"user_barge_in",)"},
        {dtmf_received{"*"}, R"({"type":"dtmf_received","digit":"*",)"},
        {assistant_speak{"Hi", "", 20, -1},
         R"({"type":"assistant_speak","text":"Hi","duration_ms":20,"speech_started_at":-1,)"},
        {sms_failed{"", "unknown", ""}, R"({"type":"sms_failed","reason":"unknown",)"},
        {session_end{"", end_cause::expired}, R"({"type":"session_end",)"},
        {unknown_event{"brand_new", ""}, R"({"type":"brand_new",)"},
    };
    for (const auto& [e, start] : rows) {
        std::string json;
        encode(json, {session, e, ""});
        BOOST_TEST(json == std::string(start) + R"("session":{"id":"a","account_id":"b"}})");
    }
    std::string json;
    encode(json, {session, unknown_event{"brand_new", R"({"type":"brand_new","x":1})"}, ""});
    BOOST_TEST(json == R"({"type":"brand_new","x":1})");
}

BOOST_AUTO_TEST_CASE(members_come_in_any_order_and_escaped)
{
    event_decoder decoder;
    const auto e =
        only(decoder, R"( { "session" : { "direction":"in\u0062ound", "id":"\u00fc\ud83d\ude00" },
        "barged_in":true, "t\u0065xt":"a\\b\"c\nd", "type":"user_\u0073peak" } )");
    BOOST_TEST(e.session.id == "ü😀");
    BOOST_TEST((e.session.directed() == call_direction::inbound));
    BOOST_TEST((e.event == event(user_speak{"a\\b\"c\nd", true})));
    BOOST_TEST(e.raw == "");
}

BOOST_AUTO_TEST_CASE(a_long_escaped_text_is_whole)
{
    // More than the parser hands over in one piece.
    std::string text;
    for (int i = 0; i < 20000; ++i)
        text += i % 7 == 0 ? "\n" : "ä";
    event_decoder decoder;
    std::string json;
    encode(json, {{.id = "x"}, user_speak{text, false}, ""});
    BOOST_TEST((only_as<user_speak>(decoder, json).text == text));
    BOOST_TEST((
        only_as<user_speak>(decoder, R"({"type":"user_speak","text":"short","session":{"id":"x"}})")
            .text == "short"));
}

BOOST_AUTO_TEST_CASE(older_names_are_understood)
{
    event_decoder decoder;
    const auto speech = [&](std::string_view members) {
        return only_as<user_speak>(decoder, R"({"type":"user_speak",)" + std::string(members) +
                                                R"("session":{"id":"x"}})");
    };
    BOOST_TEST(speech(R"("transcript":"old",)").text == "old");
    BOOST_TEST(speech(R"("transcript":"old","text":"new",)").text == "new");
    BOOST_TEST(speech(R"("transcript":"old","text":null,)").text == "old");
    BOOST_TEST(speech("").text == "");
    BOOST_TEST(!speech("").barged_in);
    const auto key = [&](std::string_view members) {
        return only_as<dtmf_received>(decoder, R"({"type":"dtmf_received",)" +
                                                   std::string(members) +
                                                   R"("session":{"id":"x"}})")
            .digit;
    };
    BOOST_TEST(key(R"("digit":"#",)") == "#");
    BOOST_TEST(key(R"("digit":7,)") == "7");
    BOOST_TEST(key(R"("digit":7.0,)") == "7");
    BOOST_TEST(key(R"("digits":"A",)") == "A");
    BOOST_TEST(key(R"("digits":12,)") == "12");
    BOOST_TEST(key(R"("digit":"1","digits":"2",)") == "1");
    BOOST_TEST(key(R"("digit":{},"digits":"2",)") == "2");
    BOOST_TEST(key("") == "");
    only_as<user_input_timeout>(decoder, R"({"type":"timeout","session":{"id":"x"}})");
}

BOOST_AUTO_TEST_CASE(of_two_members_of_one_name_the_last_counts)
{
    event_decoder decoder;
    BOOST_TEST(
        only_as<user_speak>(
            decoder,
            R"({"type":"session_end","text":"a","text":"b","session":{"id":"x"},"type":"user_speak"})")
            .text == "b");
    const auto e = only(
        decoder,
        R"({"type":"session_end","session":{"id":"x","account_id":"y"},"session":{"id":"z","id":"w"}})");
    BOOST_TEST((e.session == session_info{.id = "w"}));
    BOOST_TEST(
        only(decoder, R"({"type":"session_end","session":7,"session":{"id":"z"}})").session.id ==
        "z");
    const auto gone =
        decoder.decode(R"({"type":"session_end","session":{"id":"x"},"session":null})");
    BOOST_TEST((gone.error == errc::no_session));
}

BOOST_AUTO_TEST_CASE(the_detail_of_a_failed_sms_stays_a_detail)
{
    event_decoder decoder;
    const auto e = only_as<sms_failed>(
        decoder,
        R"({"type":"sms_failed","session":{"id":"x"},"recipient":"4915112345678","reason":"sender_not_allowed","message":"SMSC returned faultCode 403"})");
    BOOST_TEST(e.message == "SMSC returned faultCode 403");
    BOOST_TEST(e.recipient == "4915112345678");
    BOOST_TEST((e.why() == sms_reason::sender_not_allowed));
    const auto bare = only_as<sms_failed>(decoder, R"({"type":"sms_failed","session":{"id":"x"}})");
    BOOST_TEST((bare == sms_failed{}));
    BOOST_TEST((bare.why() == sms_reason::other));
}

BOOST_AUTO_TEST_CASE(nothing_is_left_of_the_event_before)
{
    event_decoder decoder;
    for (const auto& e : every_event()) {
        for (const auto& next : every_event()) {
            std::string first;
            encode(first, {full_session(), e, ""});
            only(decoder, first);
            std::string bare =
                "{\"type\":\"" + std::string(type_name(next)) + "\",\"session\":{\"id\":\"x\"}}";
            event fresh = next;
            std::visit([](auto& typed) { typed = {}; }, fresh);
            BOOST_TEST((only(decoder, bare) == incoming_event{{.id = "x"}, fresh, ""}), bare);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_decoder_can_be_moved)
{
    event_decoder first;
    event_decoder second = std::move(first);
    first = event_decoder();
    only(second, R"({"type":"session_end","session":{"id":"x"}})");
    only(first, R"({"type":"session_end","session":{"id":"x"}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
