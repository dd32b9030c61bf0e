#pragma once

#include "aiflow/action.hpp"
#include "aiflow/event.hpp"
#include "aiflow/wav.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Values that several tests of the protocol layer use.
namespace aiflow::test {

inline phone_number number(std::string_view text = "4915112345678")
{
    return phone_number::parse(text).value();
}

struct wav_shape {
    std::uint16_t format = 1;
    std::uint16_t channels = 1;
    std::uint32_t rate = 16000;
    std::uint16_t bits = 16;
    std::size_t data_bytes = 3200;
};

/// The bytes of a WAV file with silence in it.
inline std::string wav_file(const wav_shape& shape = {})
{
    std::string out;
    const auto little = [&out](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            out.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
    };
    const std::uint32_t frame = shape.channels * shape.bits / 8U;
    const auto data = static_cast<std::uint32_t>(shape.data_bytes);
    out += "RIFF";
    little(36 + data, 4);
    out += "WAVEfmt ";
    little(16, 4);
    little(shape.format, 2);
    little(shape.channels, 2);
    little(shape.rate, 4);
    little(shape.rate * frame, 4);
    little(frame, 2);
    little(shape.bits, 2);
    out += "data";
    little(data, 4);
    out.append(shape.data_bytes, '\0');
    return out;
}

inline std::string base64(std::string_view bytes)
{
    return wav_to_base64(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

inline std::string sound(const wav_shape& shape = {})
{
    return base64(wav_file(shape));
}

/// An id as the service makes them, which no string keeps without memory of its own.
inline session_info full_session()
{
    return {.id = "550e8400-e29b-41d4-a716-446655440000",
            .account_id = "account-123",
            .phone_number = "4921112345",
            .direction = "inbound",
            .from_phone_number = "4915112345678",
            .to_phone_number = "4921112345"};
}

/// One of every event that the service documents, with all members.
inline std::vector<event> every_event()
{
    return {session_start{},
            user_speech_started{},
            user_speak{"Hello, I need the \"code\"", true},
            user_speak{"", false},
            user_barge_in{"Wait"},
            dtmf_received{"#"},
            assistant_speak{"Hi", "<speak>Hi</speak>", 2000, 1767225600000},
            assistant_speech_ended{},
            user_input_timeout{},
            sms_failed{"4915112345678", "sender_not_allowed", "SMSC returned faultCode 403"},
            session_end{"hangup"}};
}

/// One of every action, with all members.
inline std::vector<action> every_action()
{
    const barge_in_options counts{barge_in_strategy::minimum_characters, 3, 500};
    return {speak{.text = "Hello", .tts = azure_voice{"de-DE", "de-DE-KatjaNeural"}},
            speak{.ssml = "<speak version=\"1.0\">Hi\r\n</speak>",
                  .tts = eleven_labs_voice{"abc"},
                  .barge_in = counts,
                  .user_input_timeout_seconds = 8,
                  .vad = vad_options{1200}},
            speak{.text = "x", .tts = eleven_labs_voice{}},
            audio{sound(), barge_in_options{barge_in_strategy::none, {}, {}}},
            mix_audio{.audio_base64 = sound(), .volume = 0.3},
            mix_audio{.stop = true},
            hangup{},
            transfer{number(), "Support", "4921112345", 30},
            transfer{number("12345678"), "Support", "4921112345", {}},
            barge_in{},
            configure_transcription{},
            configure_transcription{stt_provider::deepgram,
                                    {"de-DE", "en"},
                                    std::vector<std::string>{"sipgate", "ü"},
                                    vad_options{150}},
            configure_transcription{.custom_vocabulary = std::vector<std::string>{}},
            configure_voice_to_voice{"Be concise.", "Hello", 0.8, "en"},
            send_sms{number(), "Your confirmation code is 4242.\nBye"}};
}

}  // namespace aiflow::test
