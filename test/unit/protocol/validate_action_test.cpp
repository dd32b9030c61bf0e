#include "aiflow/action.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace aiflow::test {
namespace {

constexpr std::string_view secret_number = "0151987654";
constexpr std::string_view secret_text = "pssst-4242";

action with(const barge_in_options& o)
{
    return speak{.text = "a", .barge_in = o};
}

action listening(std::vector<std::string> languages)
{
    return configure_transcription{.languages = std::move(languages)};
}

action vocabulary(std::vector<std::string> entries)
{
    return configure_transcription{.custom_vocabulary = std::move(entries)};
}

std::string times(std::size_t count, std::string_view what)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += what;
    return out;
}

BOOST_AUTO_TEST_SUITE(validate_action)

BOOST_AUTO_TEST_CASE(every_action_has_its_name)
{
    const std::string_view names[] = {"speak",
                                      "audio",
                                      "mix_audio",
                                      "hangup",
                                      "transfer",
                                      "barge_in",
                                      "configure_transcription",
                                      "configure_voice_to_voice",
                                      "send_sms"};
    std::size_t seen = 0;
    for (const auto& a : every_action()) {
        BOOST_TEST(type_name(a) == names[a.index()]);
        seen |= std::size_t{1} << a.index();
    }
    BOOST_TEST(seen == (std::size_t{1} << std::variant_size_v<action>)-1);
}

BOOST_AUTO_TEST_CASE(every_problem_has_its_place_and_words)
{
    struct row {
        action a;
        errc code;
        std::string_view field;
        std::string_view text;
    };
    constexpr auto value = errc::invalid_value;
    constexpr auto text = errc::invalid_text;
    constexpr auto minimum = barge_in_strategy::minimum_characters;
    const std::string bad_utf8 = std::string(secret_text) + "\xff";
    const std::string two_lines = std::string(secret_text) + "\r\nX: y";
    const row rows[] = {
        {speak{}, errc::invalid_choice, "speak.text",
         "give exactly one of text and ssml; neither is given"},
        {speak{.text = std::string(secret_text), .ssml = "<speak/>"}, errc::invalid_choice,
         "speak.text", "give exactly one of text and ssml; both are given"},
        {speak{.text = bad_utf8}, text, "speak.text", "is not UTF-8; give UTF-8"},
        {speak{.ssml = bad_utf8}, text, "speak.ssml", "is not UTF-8; give UTF-8"},
        {speak{.text = "a", .tts = azure_voice{"de_DE", ""}}, value, "speak.tts.language",
         "is no BCP 47 language; give one such as de-DE"},
        {speak{.text = "a", .tts = azure_voice{"de-DE", two_lines}}, text, "speak.tts.voice",
         "has control characters; give one line of text"},
        {speak{.text = "a", .tts = eleven_labs_voice{bad_utf8}}, text, "speak.tts.voice",
         "is not UTF-8; give UTF-8"},
        {with({minimum, 0, {}}), value, "speak.barge_in.minimum_characters",
         "is 0; 1 to 100 are allowed"},
        {with({minimum, 101, {}}), value, "speak.barge_in.minimum_characters",
         "is 101; 1 to 100 are allowed"},
        {with({minimum, {}, -1}), value, "speak.barge_in.allow_after_ms",
         "is -1; 0 to 10000 ms are allowed"},
        {with({barge_in_strategy::immediate, {}, 10001}), value, "speak.barge_in.allow_after_ms",
         "is 10001; 0 to 10000 ms are allowed"},
        {with({barge_in_strategy::immediate, 3, {}}), value, "speak.barge_in.minimum_characters",
         "is only for the strategy minimum_characters; leave it out"},
        {with({barge_in_strategy::none, {}, 0}), value, "speak.barge_in.allow_after_ms",
         "is only for the strategies minimum_characters and immediate; leave it out"},
        {with({barge_in_strategy::manual, {}, 5}), value, "speak.barge_in.allow_after_ms",
         "is only for the strategies minimum_characters and immediate; leave it out"},
        {with({static_cast<barge_in_strategy>(9), {}, {}}), value, "speak.barge_in.strategy",
         "is none of none, manual, minimum_characters or immediate"},
        {speak{.text = "a", .user_input_timeout_seconds = 0}, value,
         "speak.user_input_timeout_seconds", "is 0; 1 or more seconds are allowed"},
        {speak{.text = "a", .vad = vad_options{149}}, value, "speak.vad.end_of_turn_silence_ms",
         "is 149; 150 to 2000 ms are allowed"},
        {speak{.text = "a", .vad = vad_options{}}, value, "speak.vad.end_of_turn_silence_ms",
         "is 0; 150 to 2000 ms are allowed"},
        {audio{}, errc::invalid_audio, "audio.audio_base64", "is empty; give a WAV file in Base64"},
        {audio{sound(), barge_in_options{minimum, 0, {}}}, value,
         "audio.barge_in.minimum_characters", "is 0; 1 to 100 are allowed"},
        {mix_audio{}, errc::invalid_choice, "mix_audio.audio_base64",
         "give exactly one of audio and stop; neither is given"},
        {mix_audio{sound(), {}, true}, errc::invalid_choice, "mix_audio.audio_base64",
         "give exactly one of audio and stop; both are given"},
        {mix_audio{base64("ID3 not a WAV file"), {}, false}, errc::invalid_audio,
         "mix_audio.audio_base64",
         "is Base64, but not of a WAV file; give WAV (RIFF/WAVE) with PCM"},
        {mix_audio{sound(), 1.01, false}, value, "mix_audio.volume",
         "is out of range; 0 to 1 is allowed"},
        {mix_audio{sound(), -0.1, false}, value, "mix_audio.volume",
         "is out of range; 0 to 1 is allowed"},
        {mix_audio{sound(), std::numeric_limits<double>::quiet_NaN(), false}, value,
         "mix_audio.volume", "is out of range; 0 to 1 is allowed"},
        {transfer{number(), "", "4921112345", {}}, value, "transfer.caller_id_name",
         "is empty; it has to be given"},
        {transfer{number(), two_lines, "4921112345", {}}, text, "transfer.caller_id_name",
         "has control characters; give one line of text"},
        {transfer{number(), "a", std::string(secret_number), {}}, errc::invalid_phone_number,
         "transfer.caller_id_number",
         "begins with 0, as national numbers do; put the country code in its place"},
        {transfer{number(), "a", "49211\",\"x\":\"1", {}}, errc::invalid_phone_number,
         "transfer.caller_id_number",
         "has characters that are not digits; give 7 to 15 digits, country code first"},
        {transfer{number(), "a", "4921112345", 4}, value, "transfer.timeout_seconds",
         "is 4; 5 to 120 seconds are allowed"},
        {transfer{number(), "a", "4921112345", 121}, value, "transfer.timeout_seconds",
         "is 121; 5 to 120 seconds are allowed"},
        {configure_transcription{.provider = static_cast<stt_provider>(9)}, value,
         "configure_transcription.provider", "is none of AZURE, DEEPGRAM or ELEVEN_LABS"},
        {listening({"de", "en", "fr", "it", "es"}), value, "configure_transcription.languages",
         "has 5 entries; at most 4 are allowed"},
        {listening({"de", ""}), value, "configure_transcription.languages[1]",
         "is no BCP 47 language; give one such as de-DE"},
        {vocabulary(std::vector<std::string>(101, "a")), value,
         "configure_transcription.custom_vocabulary", "has 101 entries; at most 100 are allowed"},
        {vocabulary({"a", times(201, "ä")}), value, "configure_transcription.custom_vocabulary[1]",
         "has 201 characters; at most 200 are allowed"},
        {vocabulary({bad_utf8}), text, "configure_transcription.custom_vocabulary[0]",
         "is not UTF-8; give UTF-8"},
        {configure_transcription{.vad = vad_options{2001}}, value,
         "configure_transcription.vad.end_of_turn_silence_ms",
         "is 2001; 150 to 2000 ms are allowed"},
        {configure_voice_to_voice{}, value, "configure_voice_to_voice.system_prompt",
         "is empty; it has to be given"},
        {configure_voice_to_voice{bad_utf8}, text, "configure_voice_to_voice.system_prompt",
         "is not UTF-8; give UTF-8"},
        {configure_voice_to_voice{"a", bad_utf8}, text, "configure_voice_to_voice.greeting",
         "is not UTF-8; give UTF-8"},
        {configure_voice_to_voice{"a", "", 2.1}, value, "configure_voice_to_voice.temperature",
         "is out of range; 0 to 2 is allowed"},
        {configure_voice_to_voice{"a", "", {}, two_lines}, text,
         "configure_voice_to_voice.language", "has control characters; give one line of text"},
        {send_sms{number(), ""}, errc::sms_empty, "send_sms.message",
         "is empty; an SMS needs at least 1 character"},
        {send_sms{number(), bad_utf8}, text, "send_sms.message",
         "is not UTF-8 from byte 10 on; give UTF-8"},
        {send_sms{number(), two_lines}, text, "send_sms.message",
         "has a control character at byte 10; only line feed is allowed"},
    };
    for (const auto& r : rows) {
        const auto why = validate(r.a);
        BOOST_TEST_REQUIRE(why.has_value(), r.field);
        BOOST_TEST((why->code == r.code), to_string(*why));
        BOOST_TEST(why->field == r.field);
        BOOST_TEST(why->text == r.text);
        for (const auto hidden : {secret_number, secret_text})
            BOOST_TEST(to_string(*why).find(hidden) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(the_ends_of_every_range_are_allowed)
{
    constexpr auto minimum = barge_in_strategy::minimum_characters;
    const action good[] = {
        speak{.text = std::string("a\0\r\n", 4)},
        speak{.text = "a", .tts = azure_voice{"zh-Hans-CN", ""}},
        speak{.text = "a", .tts = azure_voice{}},
        with({}),
        with({minimum, 1, 0}),
        with({minimum, 100, 10000}),
        with({barge_in_strategy::immediate, {}, 10000}),
        with({barge_in_strategy::none, {}, {}}),
        with({barge_in_strategy::manual, {}, {}}),
        speak{.text = "a", .user_input_timeout_seconds = 1},
        speak{.text = "a", .vad = vad_options{150}},
        speak{.text = "a", .vad = vad_options{2000}},
        audio{sound({.rate = 8000}), {}},
        mix_audio{sound(), 0.0, false},
        mix_audio{sound(), 1.0, false},
        mix_audio{.volume = 0.5, .stop = true},
        transfer{number(), "ä", "+4921112345", 5},
        transfer{number(), "a", "4921112345", 120},
        listening({"de", "en-US", "zh-Hans", "es-419"}),
        vocabulary(std::vector<std::string>(100, times(200, "ä"))),
        vocabulary({}),
        configure_voice_to_voice{"a", "", 0.0},
        configure_voice_to_voice{"a", "", 2.0},
        send_sms{number(), times(5000, "ä")},
    };
    for (const auto& a : good) {
        const auto why = validate(a);
        BOOST_TEST(!why.has_value(), (why ? to_string(*why) : ""));
    }
}

BOOST_AUTO_TEST_CASE(language_tags)
{
    for (const auto good : {"de", "de-DE", "yue", "zh-Hans-CN", "es-419", "de-1996", "sl-rozaj"})
        BOOST_TEST(!validate(listening({good})), good);
    for (const auto bad : {"", "-", "d", "de-", "-de", "de--DE", "de_DE", "1a", "de DE", "d3-DE",
                           "de-abcdefghi", "ä-DE", "de\n"})
        BOOST_TEST(validate(listening({bad})).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
