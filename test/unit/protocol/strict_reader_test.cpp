#include "aiflow/codec.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

namespace aiflow::test {
namespace {

problem refusal(std::string_view json)
{
    const auto actions = decode_actions(json);
    BOOST_TEST_REQUIRE(actions.has_error(), json);
    return actions.error();
}

BOOST_AUTO_TEST_SUITE(strict_reader)

BOOST_AUTO_TEST_CASE(what_is_no_action)
{
    constexpr auto not_json = "is not JSON in UTF-8; give an action or an array of them";
    constexpr auto no_object = "is no object; give an action";
    constexpr auto no_type = "is missing or no string; give the type of an action";
    const std::pair<std::string, problem> rows[] = {
        {"", {errc::not_json, "", not_json}},
        {"{", {errc::not_json, "", not_json}},
        {"{}{}", {errc::not_json, "", not_json}},
        {"{\"type\":\"\xff\"}", {errc::not_json, "", not_json}},
        {std::string(50, '['),
         {errc::too_deep, "", "is nested deeper than 32 levels; an action needs 3"}},
        {"42", {errc::not_an_object, "", no_object}},
        {"null", {errc::not_an_object, "", no_object}},
        {"[[]]", {errc::not_an_object, "[0]", no_object}},
        {R"([{"type":"hangup","session_id":"x"},7])", {errc::not_an_object, "[1]", no_object}},
        {"{}", {errc::no_type, "type", no_type}},
        {R"([{"type":7}])", {errc::no_type, "[0].type", no_type}},
        {R"({"success":true})", {errc::no_type, "type", no_type}},
        {R"({"type":"connected"})",
         {errc::invalid_value, "type",
          "is none of speak, audio, mix_audio, hangup, transfer, barge_in, "
          "configure_transcription, configure_voice_to_voice or send_sms"}},
    };
    for (const auto& [json, expected] : rows) {
        const auto why = refusal(json);
        BOOST_TEST((why == expected), to_string(why));
    }
}

BOOST_AUTO_TEST_CASE(every_problem_names_the_place_in_the_json)
{
    struct row {
        std::string_view type;
        std::string_view members;
        errc code;
        std::string_view field;
        std::string_view text;
    };
    constexpr auto value = errc::invalid_value;
    constexpr auto missing = "is missing; it has to be given";
    constexpr auto no_string = "is no string; give text in quotes, or leave it out";
    constexpr auto no_integer = "is no whole number; give one without quotes";
    constexpr auto no_object = "is no object; give one in braces, or leave it out";
    constexpr auto unknown = "is not known here; leave it out";
    const row rows[] = {
        {"hangup", R"("reason":"x")", value, "reason", unknown},
        {"hangup", R"("session":{"id":"x"})", value, "session", unknown},
        {"hangup", R"("4915112345678":1)", value, "",
         "has a member with an unusual name; leave it out"},
        {"hangup", R"("":1)", value, "", "has a member with an unusual name; leave it out"},
        {"barge_in", R"("strategy":"none")", value, "strategy", unknown},
        {"speak", R"("text":5)", value, "text", no_string},
        {"speak", R"("text":"a","ssml":null)", value, "ssml", no_string},
        {"speak", R"("text":"")", errc::invalid_choice, "text",
         "give exactly one of text and ssml; neither is given"},
        {"speak", R"("text":"a","tts":"azure")", value, "tts", no_object},
        {"speak", R"("text":"a","tts":{})", value, "tts.provider", missing},
        {"speak", R"("text":"a","tts":{"provider":"AZURE"})", value, "tts.provider",
         "is none of azure or eleven_labs"},
        {"speak", R"("text":"a","tts":{"provider":"azure","language":null})", value, "tts.language",
         no_string},
        {"speak", R"("text":"a","tts":{"provider":"eleven_labs","voice":{"id":"b"}})", value,
         "tts.voice", no_string},
        {"speak", R"("text":"a","tts":{"provider":"eleven_labs","language":"de"})", value,
         "tts.language", unknown},
        {"speak", R"("text":"a","barge_in":true)", value, "barge_in", no_object},
        {"speak", R"("text":"a","barge_in":{"strategy":""})", value, "barge_in.strategy",
         "is none of none, manual, minimum_characters or immediate"},
        {"speak", R"("text":"a","barge_in":{"strategy":"Immediate"})", value, "barge_in.strategy",
         "is none of none, manual, minimum_characters or immediate"},
        {"speak", R"("text":"a","barge_in":{"minimum_characters":2.5})", value,
         "barge_in.minimum_characters", no_integer},
        {"speak", R"("text":"a","barge_in":{"allow_after_ms":99999999999})", value,
         "barge_in.allow_after_ms", no_integer},
        {"speak", R"("text":"a","barge_in":{"allow_after_ms":1e400})", value,
         "barge_in.allow_after_ms", no_integer},
        {"speak", R"("text":"a","barge_in":{"allow_after_ms":10001})", value,
         "barge_in.allow_after_ms", "is 10001; 0 to 10000 ms are allowed"},
        {"speak", R"("text":"a","barge_in":{"x":1})", value, "barge_in.x", unknown},
        {"speak", R"("text":"a","vad":{})", value, "vad.end_of_turn_silence_ms", missing},
        {"speak", R"("text":"a","vad":{"end_of_turn_silence_ms":"500"})", value,
         "vad.end_of_turn_silence_ms", no_integer},
        {"speak", R"("text":"a","user_input_timeout_seconds":true)", value,
         "user_input_timeout_seconds", no_integer},
        {"audio", "", value, "audio", missing},
        {"audio", R"("audio":"")", errc::invalid_audio, "audio",
         "is empty; give a WAV file in Base64"},
        {"audio", R"("audio_base64":"")", value, "audio", missing},
        {"mix_audio", R"("stop":"true")", value, "stop",
         "is neither true nor false; give one of them"},
        {"mix_audio", R"("stop":false)", errc::invalid_choice, "audio",
         "give exactly one of audio and stop; neither is given"},
        {"mix_audio", R"("stop":true,"volume":"0.5")", value, "volume",
         "is no number; give one without quotes"},
        {"mix_audio", R"("stop":true,"volume":7)", value, "volume",
         "is out of range; 0 to 1 is allowed"},
        {"transfer", R"("target":"4915112345678")", value, "target_phone_number", missing},
        {"transfer", R"("target_phone_number":4915112345678)", value, "target_phone_number",
         no_string},
        {"transfer", R"("target_phone_number":"015112345678")", errc::invalid_phone_number,
         "target_phone_number",
         "begins with 0, as national numbers do; put the country code in its place"},
        {"transfer", R"("target_phone_number":"4915112345678")", value, "caller_id_name", missing},
        {"transfer", R"("target_phone_number":"4915112345678","caller_id_name":"a")", value,
         "caller_id_number", missing},
        {"transfer",
         R"("target_phone_number":"4915112345678","caller_id_name":"a","caller_id_number":"4921112345","timeout":4)",
         value, "timeout", "is 4; 5 to 120 seconds are allowed"},
        {"transfer",
         R"("target_phone_number":"4915112345678","caller_id_name":"a","caller_id_number":"4921112345","timeout_seconds":30)",
         value, "timeout_seconds", unknown},
        {"configure_transcription", R"("provider":"azure")", value, "provider",
         "is none of AZURE, DEEPGRAM or ELEVEN_LABS"},
        {"configure_transcription", R"("languages":"de")", value, "languages",
         "is no array; give an array of strings"},
        {"configure_transcription", R"("languages":[])", value, "languages",
         "is empty; give 1 to 4, or leave it out"},
        {"configure_transcription", R"("languages":["de",7])", value, "languages[1]",
         "is no string; give text in quotes"},
        {"configure_transcription", R"("languages":["de","x"])", value, "languages[1]",
         "is no BCP 47 language; give one such as de-DE"},
        {"configure_voice_to_voice", "", value, "system_prompt", missing},
        {"configure_voice_to_voice", R"("system_prompt":"a","temperature":"hot")", value,
         "temperature", "is no number; give one without quotes"},
        {"send_sms", R"("message":"pssst")", value, "phone_number", missing},
        {"send_sms", R"("phone_number":"","message":"pssst")", errc::invalid_phone_number,
         "phone_number", "is empty; give 7 to 15 digits, country code first"},
        {"send_sms", R"("phone_number":"4915112345678\r\n","message":"pssst")",
         errc::invalid_phone_number, "phone_number",
         "has characters that are not digits; give 7 to 15 digits, country code first"},
        {"send_sms", R"("phone_number":"4915112345678")", value, "message", missing},
        {"send_sms", R"("phone_number":"4915112345678","message":"")", errc::sms_empty, "message",
         "is empty; an SMS needs at least 1 character"},
        {"send_sms", R"("phone_number":"4915112345678","message":"pssst\u0000")",
         errc::invalid_text, "message",
         "has a control character at byte 5; only line feed is allowed"},
        {"send_sms", R"("phone_number":"4915112345678","message":"pssst","sender":"x")", value,
         "sender", unknown},
    };
    for (const auto& r : rows) {
        std::string json = R"({"type":")" + std::string(r.type) + R"(","session_id":"x")";
        if (!r.members.empty())
            json += "," + std::string(r.members);
        json += "}";
        const auto why = refusal(json);
        BOOST_TEST((why == problem{r.code, std::string(r.field), std::string(r.text)}),
                   json << ": " << to_string(why));
        BOOST_TEST(why.text.find("pssst") == std::string::npos);
        BOOST_TEST(to_string(why).find("15112345678") == std::string::npos);
        const auto placed = refusal(R"([{"type":"hangup","session_id":"y"},)" + json + "]");
        BOOST_TEST(placed.field == (r.field.empty() ? "[1]" : "[1]." + std::string(r.field)));
        BOOST_TEST(placed.text == r.text);
    }
}

BOOST_AUTO_TEST_CASE(the_session_has_to_be_named)
{
    constexpr auto missing = "is missing; it has to be given";
    BOOST_TEST(
        (refusal(R"({"type":"hangup"})") == problem{errc::invalid_value, "session_id", missing}));
    BOOST_TEST((refusal(R"({"type":"hangup","session_id":""})") ==
                problem{errc::invalid_value, "session_id", "is empty; give the id of a session"}));
    BOOST_TEST(refusal(R"({"type":"hangup","session_id":7})").field == "session_id");
}

BOOST_AUTO_TEST_CASE(a_strategy_has_the_documented_default)
{
    const auto actions =
        decode_actions(R"({"type":"speak","session_id":"x","text":"a","barge_in":{}})");
    BOOST_TEST_REQUIRE(actions.has_value());
    const auto& spoken = std::get<speak>(actions->front().action);
    BOOST_TEST((spoken.barge_in == barge_in_options{}));
    BOOST_TEST((spoken.barge_in->strategy == barge_in_strategy::minimum_characters));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
