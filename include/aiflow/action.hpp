#pragma once

#include "aiflow/error.hpp"
#include "aiflow/phone_number.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Actions: what AI Flow takes (protocol.md section 4). Plain values; the session is added when
/// they are sent. `validate` checks every range, since the service names no error for a bad action.
namespace aiflow {

/// How the caller may interrupt (protocol.md 4.9.1).
enum class barge_in_strategy : unsigned char { none, manual, minimum_characters, immediate };

struct barge_in_options {
    barge_in_strategy strategy = barge_in_strategy::minimum_characters;
    std::optional<int> minimum_characters = {};  ///< 1 to 100; only with `minimum_characters`
    std::optional<int> allow_after_ms = {};      ///< 0 to 10000 ms

    bool operator==(const barge_in_options&) const = default;
};

/// Azure's voices (protocol.md 4.9.2). Empty members are not sent.
struct azure_voice {
    std::string language = {};  ///< BCP 47, e.g. "de-DE"
    std::string voice = {};     ///< e.g. "de-DE-KatjaNeural"

    bool operator==(const azure_voice&) const = default;
};

/// ElevenLabs' voices (protocol.md 4.9.2).
struct eleven_labs_voice {
    std::string voice = {};  ///< the voice's id; empty: the provider's default

    bool operator==(const eleven_labs_voice&) const = default;
};

using tts_options = std::variant<azure_voice, eleven_labs_voice>;

/// When the service takes a turn as ended (protocol.md 4.9.3).
struct vad_options {
    int end_of_turn_silence_ms = 0;  ///< 150 to 2000 ms

    bool operator==(const vad_options&) const = default;
};

/// Says something (protocol.md 4.1). Exactly one of `text` and `ssml`.
struct speak {
    std::string text = {};
    std::string ssml = {};
    std::optional<tts_options> tts = {};
    std::optional<barge_in_options> barge_in = {};
    std::optional<int> user_input_timeout_seconds = {};  ///< 1 or more, from the end of speech
    std::optional<vad_options> vad = {};

    bool operator==(const speak&) const = default;
};

/// Plays a WAV file: 16 kHz, mono, 16-bit PCM, Base64 (protocol.md 4.2, 6.2). See `wav.hpp`.
struct audio {
    std::string audio_base64;
    std::optional<barge_in_options> barge_in = {};

    bool operator==(const audio&) const = default;
};

/// Loops a WAV file under the call, or stops it (protocol.md 4.3).
struct mix_audio {
    std::string audio_base64 = {};      ///< required unless `stop`
    std::optional<double> volume = {};  ///< 0.0 to 1.0; the service's default is 0.5
    bool stop = false;

    bool operator==(const mix_audio&) const = default;
};

/// Ends the call (protocol.md 4.4).
struct hangup {
    bool operator==(const hangup&) const = default;
};

/// Hands the call to another number (protocol.md 4.5).
struct transfer {
    phone_number target;
    std::string caller_id_name;
    std::string caller_id_number;  ///< digits; a leading `+` is taken off
    std::optional<int> timeout_seconds =
        {};  ///< 5 to 120; without it a failed transfer ends the call

    bool operator==(const transfer&) const = default;
};

/// Stops what is being played (protocol.md 4.6).
struct barge_in {
    bool operator==(const barge_in&) const = default;
};

/// Speech-to-text providers (protocol.md 4.7).
enum class stt_provider : unsigned char { azure, deepgram, eleven_labs };

/// Sets speech recognition (protocol.md 4.7). Leaving out `languages` resets them: always send
/// them.
struct configure_transcription {
    std::optional<stt_provider> provider = {};
    std::vector<std::string> languages = {};  ///< at most 4, BCP 47
    std::optional<std::vector<std::string>> custom_vocabulary =
        {};  ///< at most 100 of 200 characters
    std::optional<vad_options> vad = {};

    bool operator==(const configure_transcription&) const = default;
};

/// Switches to a speech-to-speech model (protocol.md 4.8; preview).
struct configure_voice_to_voice {
    std::string system_prompt;
    std::string greeting = {};
    std::optional<double> temperature = {};  ///< 0 to 2
    std::string language = {};

    bool operator==(const configure_voice_to_voice&) const = default;
};

/// Sends an SMS (protocol.md 5.1). Applications use `handler::send_sms` or
/// `session::async_send_sms`, which cares for the message; this is the bare frame.
struct send_sms {
    aiflow::phone_number phone_number;
    std::string message;

    bool operator==(const send_sms&) const = default;
};

using action = std::variant<speak, audio, mix_audio, hangup, transfer, barge_in,
                            configure_transcription, configure_voice_to_voice, send_sms>;

/// The wire's name of the action's type.
std::string_view type_name(const action& a) noexcept;

/// What is wrong with the action, or nothing. Looks at every range of protocol.md section 4, at
/// "exactly one of", at UTF-8 and at the header of audio. Never repeats a text or a number.
std::optional<problem> validate(const action& a);

}  // namespace aiflow
