#include "aiflow/codec.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace aiflow::test {
namespace {

BOOST_AUTO_TEST_SUITE(tolerant_reader)

BOOST_AUTO_TEST_CASE(messages_that_hold_no_event)
{
    struct row {
        std::string text;
        errc error;
    };
    const row rows[] = {
        {"", errc::not_json},
        {" ", errc::not_json},
        {"{", errc::not_json},
        {"hello", errc::not_json},
        {R"({"type":"session_end","session":{"id":"x"}} x)", errc::not_json},
        {R"({"type":"session_end","session":{"id":"x"}}{})", errc::not_json},
        {R"([{"type":"session_end","session":{"id":"x"}},)", errc::not_json},
        {R"({"type":"session_end","session":{"id":"x"},})", errc::not_json},
        {"{\"type\":\"user_speak\",\"text\":\"\xff\",\"session\":{\"id\":\"x\"}}", errc::not_json},
        {"{\"type\":\"user_speak\",\"text\":\"\xc3\",\"session\":{\"id\":\"x\"}}", errc::not_json},
        {"{\"type\":\"user_speak\",\"\xff\":1,\"session\":{\"id\":\"x\"}}", errc::not_json},
        {"\xef\xbb\xbf{}", errc::not_json},
        {std::string("{}\0", 3), errc::not_json},
        {std::string(40, '['), errc::too_deep},
        {R"({"type":"a","x":)" + std::string(40, '[') + std::string(40, ']') + "}", errc::too_deep},
        {"42", errc::not_an_object},
        {"null", errc::not_an_object},
        {"true", errc::not_an_object},
        {"1e400", errc::not_an_object},
        {"\"type\"", errc::not_an_object},
        {R"("a\nb")", errc::not_an_object},
        {"[]", errc::not_an_object},
        {"[[]]", errc::not_an_object},
        {R"([[{"type":"session_end","session":{"id":"x"}}]])", errc::not_an_object},
        {"{}", errc::no_type},
        {R"({"session":{"id":"x"}})", errc::no_type},
        {R"({"type":null,"session":{"id":"x"}})", errc::no_type},
        {R"({"type":5,"session":{"id":"x"}})", errc::no_type},
        {R"({"type":{"type":"session_end"},"session":{"id":"x"}})", errc::no_type},
        {R"({"body":{"type":"session_end","session":{"id":"x"}}})", errc::no_type},
        {R"({"type":"session_end"})", errc::no_session},
        {R"({"type":"session_end","session":null})", errc::no_session},
        {R"({"type":"session_end","session":[]})", errc::no_session},
        {R"({"type":"session_end","session":[{"id":"x"}]})", errc::no_session},
        {R"({"type":"session_end","session":"x"})", errc::no_session},
        {R"({"type":"session_end","session":{}})", errc::no_session},
        {R"({"type":"session_end","session":{"id":null}})", errc::no_session},
        {R"({"type":"session_end","session":{"id":""}})", errc::no_session},
        {R"({"type":"session_end","session":{"id":123}})", errc::no_session},
        {R"({"type":"session_end","id":"x","session":{"session":{"id":"x"}}})", errc::no_session},
        {R"({"type":"brand_new"})", errc::no_session},
    };
    event_decoder decoder;
    for (const auto& r : rows) {
        const auto message = decoder.decode(r.text);
        BOOST_TEST(message.events.empty(), r.text);
        BOOST_TEST((message.error == r.error), r.text << ": " << message.error.message());
        BOOST_TEST(message.dropped == 1U, r.text);
    }
}

BOOST_AUTO_TEST_CASE(members_of_a_wrong_type_are_absent_and_counted)
{
    struct row {
        std::string_view json;
        event expected;
        std::size_t wrong;
    };
    const row rows[] = {
        {R"({"type":"user_speak","text":5,"barged_in":"true")", user_speak{}, 2},
        {R"({"type":"user_speak","text":{"text":"a"},"transcript":["b"])", user_speak{}, 2},
        {R"({"type":"user_speak","text":null,"barged_in":null)", user_speak{}, 0},
        {R"({"type":"user_speak","text":"a","barged_in":1)", user_speak{"a", false}, 1},
        {R"({"type":"user_barge_in","text":false)", user_barge_in{}, 1},
        {R"({"type":"sms_failed","recipient":4915112345678,"reason":[],"message":1.5)",
         sms_failed{}, 3},
        {R"({"type":"session_end","reason":{"a":{"b":[1,2]}})", session_end{}, 1},
        {R"({"type":"dtmf_received","digit":-1)", dtmf_received{}, 1},
        {R"({"type":"dtmf_received","digit":true,"digits":1e300)", dtmf_received{}, 2},
        {R"({"type":"assistant_speak","duration_ms":"x","speech_started_at":[])", assistant_speak{},
         2},
        {R"({"type":"assistant_speak","duration_ms":-1,"speech_started_at":0)",
         assistant_speak{"", "", -1, 0}, 0},
        {R"({"type":"assistant_speak","duration_ms":9223372036854775807)",
         assistant_speak{"", "", 9223372036854775807, 0}, 0},
        {R"({"type":"assistant_speak","duration_ms":9223372036854775808)", assistant_speak{}, 1},
        {R"({"type":"assistant_speak","duration_ms":-9223372036854775808)",
         assistant_speak{"", "", INT64_MIN, 0}, 0},
        {R"({"type":"assistant_speak","duration_ms":18446744073709551616)", assistant_speak{}, 1},
        {R"({"type":"assistant_speak","duration_ms":1e400,"speech_started_at":-1e400)",
         assistant_speak{}, 2},
        {R"({"type":"assistant_speak","duration_ms":2000.0,"speech_started_at":1.7672256e12)",
         assistant_speak{"", "", 2000, 1767225600000}, 0},
        {R"({"type":"assistant_speak","duration_ms":2000.4)", assistant_speak{"", "", 2000, 0}, 0},
    };
    event_decoder decoder;
    for (const auto& r : rows) {
        const auto message = decoder.decode(std::string(r.json) + R"(,"session":{"id":"x"}})");
        BOOST_TEST_REQUIRE(message.events.size() == 1U, r.json);
        BOOST_TEST((message.events.front() == incoming_event{{.id = "x"}, r.expected, ""}), r.json);
        BOOST_TEST(message.wrong_types == r.wrong, r.json);
    }
}

BOOST_AUTO_TEST_CASE(wrong_types_in_the_envelope_are_counted)
{
    event_decoder decoder;
    const auto count = [&](std::string_view json) { return decoder.decode(json).wrong_types; };
    BOOST_TEST(count(R"({"type":5,"session":[]})") == 2U);
    BOOST_TEST(count(R"({"type":"session_end","session":7})") == 1U);
    BOOST_TEST(count(R"({"type":"session_end","session":{"id":"x","account_id":1}})") == 1U);
    BOOST_TEST(count(R"({"type":"session_end","session":{"id":"x","direction":null}})") == 0U);
    BOOST_TEST(count(R"({"type":"new","session":{"id":"x","direction":{"a":[]}}})") == 1U);
    BOOST_TEST(count(R"({"type":"session_end","session":{"id":"x"}})") == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_kept_as_text)
{
    struct row {
        std::string json;
        bool kept;
    };
    const row rows[] = {
        {R"({"type":"session_start","session":{"id":"x"}})", false},
        {R"({"type":"session_start","session":{"id":"x","caller_id":"y"}})", true},
        {R"({"type":"user_speak","text":"a","confidence":0.9,"session":{"id":"x"}})", true},
        {R"({"type":"user_speak","text":"a","timestamp":null,"session":{"id":"x"}})", true},
        {R"({"session":{"id":"x"},"type":"user_speak","words":[{"id":"y","type":"z"}]})", true},
        {R"({"type":"session_start","text":"of another type","session":{"id":"x"}})", true},
        {R"({"type":"sms_failed","reason":"quota_exceeded","session":{"id":"x"}})", false},
        {R"({"type":"session_start","session":{"id":"x","direction":"sideways"}})", false},
    };
    event_decoder decoder;
    for (const auto& r : rows) {
        const auto message = decoder.decode("\r\n " + r.json + "\t ");
        BOOST_TEST_REQUIRE(message.events.size() == 1U, r.json);
        const auto& e = message.events.front();
        BOOST_TEST(e.raw == (r.kept ? r.json : ""));
        BOOST_TEST(e.session.id == "x");
        BOOST_TEST(message.wrong_types == 0U);
        BOOST_TEST(!std::holds_alternative<unknown_event>(e.event));
    }
    const auto failed = decoder.decode(rows[6].json);
    BOOST_TEST(std::get<sms_failed>(failed.events.front().event).reason == "quota_exceeded");
    const auto started = decoder.decode(rows[7].json);
    BOOST_TEST(started.events.front().session.direction == "sideways");
}

BOOST_AUTO_TEST_CASE(an_unknown_event_is_delivered_with_its_text)
{
    event_decoder decoder;
    const std::string bare = R"({"type":"brand_new","session":{"id":"x"}})";
    const auto message = decoder.decode(bare);
    BOOST_TEST_REQUIRE(message.events.size() == 1U);
    BOOST_TEST((message.events.front() ==
                incoming_event{{.id = "x"}, unknown_event{"brand_new", bare}, ""}));
    const std::string rich = R"({"type":"brand_new","new":{"id":"y"},"session":{"id":"x"}})";
    BOOST_TEST((decoder.decode(rich).events.front() ==
                incoming_event{{.id = "x"}, unknown_event{"brand_new", rich}, rich}));
}

BOOST_AUTO_TEST_CASE(an_array_is_read_in_order_without_its_bad_elements)
{
    event_decoder decoder;
    const std::string odd = R"({"type":"odd","x":"],}\"[{","session":{"id":"b"}})";
    const std::string extra = R"({ "type":"user_speak","extra":[[],{}],"session":{"id":"d"} })";
    const auto message = decoder.decode(
        R"( [ {"type":"session_start","session":{"id":"a"}} , 42 ,"]",)" + odd +
        R"(,[{"type":"session_end","session":{"id":"no"}}],{"type":"session_end"} ,null, )" +
        extra + R"(,{"session":{"id":"no"}},{"type":"session_end","session":{"id":"e"}} ] )");
    BOOST_TEST_REQUIRE(message.events.size() == 4U);
    BOOST_TEST(message.dropped == 6U);
    BOOST_TEST((message.error == errc::not_an_object));
    const std::array<std::string_view, 4> ids{"a", "b", "d", "e"};
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST(message.events[i].session.id == ids[i]);
    BOOST_TEST((message.events[0].event == event(session_start{})));
    BOOST_TEST((message.events[1].event == event(unknown_event{"odd", odd})));
    BOOST_TEST(message.events[1].raw == odd);
    BOOST_TEST(message.events[2].raw == extra);
    BOOST_TEST(message.events[0].raw == "");
    BOOST_TEST(message.events[3].raw == "");
}

BOOST_AUTO_TEST_CASE(the_first_error_of_an_array_is_named)
{
    event_decoder decoder;
    const auto message = decoder.decode(R"([{"session":{"id":"x"}},{"type":"session_end"},7])");
    BOOST_TEST((message.error == errc::no_type));
    BOOST_TEST(message.dropped == 3U);
}

BOOST_AUTO_TEST_CASE(a_bad_message_leaves_no_trace_in_the_next)
{
    event_decoder decoder;
    for (const std::string_view bad :
         {R"({"type":"user_speak","text":"a)", R"([{"type":"user_speak","text":"a\n)",
          R"({"session":{"id":"y","account_id":"z)", R"({"type":"us\u0065)", "[[[[", "42 43"}) {
        BOOST_TEST(decoder.decode(bad).events.empty());
        const auto message = decoder.decode(R"({"type":"user_speak","session":{"id":"x"}})");
        BOOST_TEST_REQUIRE(message.events.size() == 1U);
        BOOST_TEST((message.events.front() == incoming_event{{.id = "x"}, user_speak{}, ""}));
        BOOST_TEST(!message.error);
        BOOST_TEST(message.dropped == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_huge_array_is_read_and_forgotten)
{
    std::string json = "[";
    for (int i = 0; i < 5000; ++i)
        json += R"({"type":"session_end","session":{"id":")" + std::to_string(i) + "\"}},";
    json.back() = ']';
    event_decoder decoder;
    const auto message = decoder.decode(json);
    BOOST_TEST_REQUIRE(message.events.size() == 5000U);
    BOOST_TEST(message.events[4999].session.id == "4999");
    BOOST_TEST(decoder.decode(R"({"type":"session_end","session":{"id":"x"}})").events.size() ==
               1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
