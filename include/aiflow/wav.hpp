#pragma once

#include "aiflow/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Audio as the actions `audio` and `mix_audio` carry it: a WAV file in Base64 (protocol.md 6.2).
namespace aiflow {

/// What the header of a WAV file says.
struct wav_info {
    std::uint16_t channels = 0;
    std::uint32_t sample_rate = 0;      ///< Hz
    std::uint16_t bits_per_sample = 0;  ///< of one channel
    std::size_t data_bytes = 0;         ///< samples that are really there, in bytes

    /// The playing time, rounded down.
    std::chrono::milliseconds duration() const noexcept;

    bool operator==(const wav_info&) const = default;
};

/// Reads the header of a WAV file in Base64 (standard alphabet, padded, no line breaks). Looks at
/// every character of the Base64, but decodes only the headers of the chunks.
///
/// Error: `invalid_audio` when it is not Base64, not a WAV file, not PCM, or holds no samples.
checked<wav_info> inspect_wav_base64(std::string_view base64);

/// What speaks against playing such a file, or nothing: the service documents 16 kHz, mono, 16-bit.
/// The sources do not agree on the rate (protocol.md C6), so this is advice to log: `validate`
/// accepts the file.
std::optional<problem> audio_advice(const wav_info& info);

/// The Base64 of a WAV file's bytes, for `audio::audio_base64`. Checks nothing: `validate` does.
std::string wav_to_base64(std::span<const std::byte> wav_file);

}  // namespace aiflow
