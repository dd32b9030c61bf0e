#include "aiflow/codec.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

namespace aiflow::test {
namespace {

std::string encoded(const action& a)
{
    std::string json;
    encode(json, "x", a);
    return json;
}

BOOST_AUTO_TEST_SUITE(action_codec)

BOOST_AUTO_TEST_CASE(every_action_comes_back)
{
    for (const auto& a : every_action()) {
        BOOST_TEST(!validate(a), type_name(a));
        const auto json = encoded(a);
        const auto actions = decode_actions(json);
        BOOST_TEST_REQUIRE(actions.has_value(), json.substr(0, 200));
        BOOST_TEST_REQUIRE(actions->size() == 1U);
        BOOST_TEST((actions->front() == addressed_action{"x", a}), json.substr(0, 200));
    }
}

BOOST_AUTO_TEST_CASE(an_array_comes_back_in_order)
{
    const auto all = every_action();
    std::string json = "before";
    encode(json, "550e8400-e29b-41d4-a716-446655440000", all);
    BOOST_TEST(json.starts_with("before["));
    const auto actions = decode_actions(std::string_view(json).substr(6));
    BOOST_TEST_REQUIRE(actions.has_value());
    BOOST_TEST_REQUIRE(actions->size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        BOOST_TEST(((*actions)[i].action == all[i]));
        BOOST_TEST((*actions)[i].session_id == "550e8400-e29b-41d4-a716-446655440000");
    }
    std::string empty;
    encode(empty, "x", std::span<const action>{});
    BOOST_TEST(empty == "[]");
    BOOST_TEST(decode_actions("[]")->empty());
}

BOOST_AUTO_TEST_CASE(the_bytes_on_the_wire)
{
    struct row {
        action a;
        std::string_view json;
    };
    const row rows[] = {
        {speak{.text = "Hi",
               .tts = azure_voice{"en-US", "en-US-JennyNeural"},
               .barge_in = barge_in_options{barge_in_strategy::minimum_characters, 3, 500},
               .user_input_timeout_seconds = 8,
               .vad = vad_options{1200}},
         R"({"type":"speak","session_id":"x","text":"Hi","tts":{"provider":"azure","language":"en-US","voice":"en-US-JennyNeural"},"barge_in":{"strategy":"minimum_characters","minimum_characters":3,"allow_after_ms":500},"user_input_timeout_seconds":8,"vad":{"end_of_turn_silence_ms":1200}})"},
        {speak{.ssml = "<speak/>", .tts = eleven_labs_voice{}},
         R"({"type":"speak","session_id":"x","ssml":"<speak/>","tts":{"provider":"eleven_labs"}})"},
        {audio{"UklG", barge_in_options{barge_in_strategy::immediate, {}, {}}},
         R"({"type":"audio","session_id":"x","audio":"UklG","barge_in":{"strategy":"immediate"}})"},
        {mix_audio{"UklG", 0.3, false},
         R"({"type":"mix_audio","session_id":"x","audio":"UklG","volume":0.3})"},
        {mix_audio{"UklG", 1.0, false},
         R"({"type":"mix_audio","session_id":"x","audio":"UklG","volume":1})"},
        {mix_audio{.stop = true}, R"({"type":"mix_audio","session_id":"x","stop":true})"},
        {hangup{}, R"({"type":"hangup","session_id":"x"})"},
        {barge_in{}, R"({"type":"barge_in","session_id":"x"})"},
        {transfer{number("+1234567890"), "Support Department", "+1234567890", 30},
         R"({"type":"transfer","session_id":"x","target_phone_number":"1234567890","caller_id_name":"Support Department","caller_id_number":"1234567890","timeout":30})"},
        {configure_transcription{stt_provider::eleven_labs,
                                 {"de-DE", "en-US"},
                                 std::vector<std::string>{"sipgate", "AI \"Flow\""},
                                 vad_options{1200}},
         R"({"type":"configure_transcription","session_id":"x","provider":"ELEVEN_LABS","languages":["de-DE","en-US"],"custom_vocabulary":["sipgate","AI \"Flow\""],"vad":{"end_of_turn_silence_ms":1200}})"},
        {configure_transcription{}, R"({"type":"configure_transcription","session_id":"x"})"},
        {configure_voice_to_voice{"Be nice.", "Hello", 0.8, "en"},
         R"({"type":"configure_voice_to_voice","session_id":"x","system_prompt":"Be nice.","greeting":"Hello","temperature":0.8,"language":"en"})"},
        {send_sms{number("+4915112345678"), "Your confirmation code is 4242."},
         R"({"type":"send_sms","session_id":"x","phone_number":"4915112345678","message":"Your confirmation code is 4242."})"},
    };
    for (const auto& r : rows)
        BOOST_TEST(encoded(r.a) == r.json);
}

BOOST_AUTO_TEST_CASE(text_is_escaped_exactly)
{
    std::string every;
    for (char c = 0; c < 0x20; ++c)
        every.push_back(c);
    every += "\"\\/\x7f é 😀 \u2028";
    BOOST_TEST(
        encoded(speak{.text = every}) ==
        R"({"type":"speak","session_id":"x","text":"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\/)"
        "\x7f é 😀 \u2028\"}");
}

BOOST_AUTO_TEST_CASE(hostile_text_stays_text)
{
    const std::string texts[] = {
        std::string("nul \0 inside", 12),
        "quote\",\"type\":\"hangup",
        "backslash\\",
        "line\r\nbreak",
        "<speak version=\"1.0\" xml:lang='de'>\t</speak>",
        "\xef\xbf\xbd\xf0\x9f\x98\x80\xe2\x80\xae",
    };
    for (const auto& text : texts) {
        for (const action& a : {action(speak{.text = text}), action(speak{.ssml = text}),
                                action(configure_voice_to_voice{.system_prompt = text})}) {
            std::string json;
            encode(json, text, a);
            BOOST_TEST(!validate(a));
            const auto actions = decode_actions(json);
            BOOST_TEST_REQUIRE(actions.has_value(), json);
            BOOST_TEST((actions.value() == std::vector<addressed_action>{{text, a}}), json);
        }
    }
}

BOOST_AUTO_TEST_CASE(twenty_mebibytes_of_audio)
{
    const audio a{sound({.data_bytes = 15U << 20U}), {}};
    BOOST_TEST(a.audio_base64.size() > 20U << 20U);
    BOOST_TEST(!validate(a));
    const auto json = encoded(a);
    const auto actions = decode_actions(json);
    BOOST_TEST_REQUIRE(actions.has_value());
    BOOST_TEST((actions->front().action == action(a)));
}

BOOST_AUTO_TEST_CASE(whole_numbers_may_be_written_with_a_point)
{
    const auto actions = decode_actions(
        R"({"type":"speak","session_id":"x","text":"a","user_input_timeout_seconds":8.0})");
    BOOST_TEST_REQUIRE(actions.has_value());
    BOOST_TEST(
        (actions->front().action == action(speak{.text = "a", .user_input_timeout_seconds = 8})));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
