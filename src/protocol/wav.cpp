#include "aiflow/wav.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aiflow {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_base64 = 0xff;

constexpr std::array<std::uint8_t, 256> make_values()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(not_base64);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr auto values = make_values();

std::uint8_t value_of(char c) noexcept
{
    return values[static_cast<unsigned char>(c)];
}

problem refused(std::string text)
{
    return {errc::invalid_audio, "audio_base64", std::move(text)};
}

// Base64 text as the bytes that it stands for, each decoded when it is asked for.
class base64_bytes {
public:
    // `text` must be whole and correct.
    explicit base64_bytes(std::string_view text) : text_(text), size_(text.size() / 4 * 3)
    {
        if (text.ends_with("=="))
            size_ -= 2;
        else if (text.ends_with('='))
            size_ -= 1;
    }

    std::size_t size() const noexcept { return size_; }

    std::uint8_t operator[](std::size_t at) const noexcept
    {
        // Byte n of a group of three lies in the characters n and n + 1 of its group of four.
        const std::size_t first = at / 3 * 4 + at % 3;
        const unsigned high = value_of(text_[first]);
        const unsigned low = value_of(text_[first + 1]);
        switch (at % 3) {
        case 0:
            return static_cast<std::uint8_t>(high << 2U | low >> 4U);
        case 1:
            return static_cast<std::uint8_t>(high << 4U | low >> 2U);
        default:
            return static_cast<std::uint8_t>(high << 6U | low);
        }
    }

    bool has(std::size_t at, std::string_view tag) const noexcept
    {
        for (std::size_t i = 0; i < tag.size(); ++i) {
            if ((*this)[at + i] != static_cast<std::uint8_t>(tag[i]))
                return false;
        }
        return true;
    }

    // Little-endian, as everything in a WAV file.
    std::uint16_t u16(std::size_t at) const noexcept
    {
        return static_cast<std::uint16_t>((*this)[at] | (*this)[at + 1] << 8);
    }

    std::uint32_t u32(std::size_t at) const noexcept
    {
        return u16(at) | static_cast<std::uint32_t>(u16(at + 2)) << 16U;
    }

private:
    std::string_view text_;
    std::size_t size_;
};

std::optional<problem> check_base64(std::string_view text)
{
    if (text.empty())
        return refused("is empty; give a WAV file in Base64");
    std::string_view body = text;
    for (int padding = 0; padding < 2 && body.ends_with('='); ++padding)
        body.remove_suffix(1);
    const auto odd =
        std::find_if(body.begin(), body.end(), [](char c) { return value_of(c) == not_base64; });
    if (odd == body.end()) {
        if (text.size() % 4 == 0)
            return std::nullopt;
        return refused("is not Base64: its length is no multiple of 4; give it padded with =");
    }
    const auto place = " at character " + std::to_string(odd - body.begin());
    if (*odd == '\n' || *odd == '\r')
        return refused("has a line break" + place + "; give the Base64 in one line");
    if (*odd == '-' || *odd == '_')
        return refused("has a character of the URL alphabet" + place +
                       "; use the standard alphabet with + and /");
    return refused("has a character that is not Base64" + place +
                   "; use the standard alphabet with + and /");
}

constexpr std::size_t chunk_header = 8;
constexpr std::size_t riff_header = 12;
constexpr std::size_t format_bytes = 16;
constexpr std::uint16_t pcm = 1;
constexpr std::uint16_t extensible = 0xfffe;

// The format is in the first two bytes of the sub-format when the tag says "extensible".
std::uint16_t format_tag(const base64_bytes& wav, std::size_t at, std::size_t size) noexcept
{
    constexpr std::size_t sub_format = 24;
    const auto tag = wav.u16(at);
    return tag == extensible && size >= sub_format + 2 ? wav.u16(at + sub_format) : tag;
}

std::optional<problem> read_format(const base64_bytes& wav, std::size_t at, std::size_t size,
                                   wav_info& info)
{
    if (size < format_bytes)
        return refused("has a format chunk of " + std::to_string(size) + " bytes; WAV needs 16");
    if (const auto tag = format_tag(wav, at, size); tag != pcm)
        return refused("is WAV of format " + std::to_string(tag) + "; only PCM (format 1) plays");
    info.channels = wav.u16(at + 2);
    info.sample_rate = wav.u32(at + 4);
    info.bits_per_sample = wav.u16(at + 14);
    if (info.channels == 0 || info.sample_rate == 0 || info.bits_per_sample == 0)
        return refused("has a format chunk with zeros; give 16 kHz, mono, 16-bit PCM");
    return std::nullopt;
}

}  // namespace

std::chrono::milliseconds wav_info::duration() const noexcept
{
    const std::uint64_t bits_per_second = std::uint64_t{sample_rate} * channels * bits_per_sample;
    if (bits_per_second == 0)
        return {};
    return std::chrono::milliseconds(std::uint64_t{data_bytes} * 8 * 1000 / bits_per_second);
}

checked<wav_info> inspect_wav_base64(std::string_view base64)
{
    if (auto why = check_base64(base64))
        return *std::move(why);
    const base64_bytes wav(base64);
    if (wav.size() < riff_header || !wav.has(0, "RIFF") || !wav.has(8, "WAVE"))
        return refused("is Base64, but not of a WAV file; give WAV (RIFF/WAVE) with PCM");
    wav_info info;
    bool has_format = false;
    for (std::size_t at = riff_header; wav.size() - at >= chunk_header;) {
        const std::size_t body = at + chunk_header;
        const std::size_t there = wav.size() - body;
        // Files written to a pipe declare more than they hold: what is there counts.
        const std::size_t size = std::min<std::size_t>(wav.u32(at + 4), there);
        if (wav.has(at, "data")) {
            if (!has_format)
                return refused("has samples before their format; give a plain WAV file");
            if (size == 0)
                return refused("holds no samples; give a WAV file with sound in it");
            info.data_bytes = size;
            return info;
        }
        if (wav.has(at, "fmt ")) {
            if (auto why = read_format(wav, body, size, info))
                return *std::move(why);
            has_format = true;
        }
        // Chunks begin at even places.
        at = body + std::min(size + size % 2, there);
    }
    return refused("is a WAV file without samples; give one with a data chunk");
}

std::optional<problem> audio_advice(const wav_info& info)
{
    if (info.sample_rate == 16000 && info.channels == 1 && info.bits_per_sample == 16)
        return std::nullopt;
    return refused("is " + std::to_string(info.sample_rate) + " Hz, " +
                   std::to_string(info.channels) + " channel(s), " +
                   std::to_string(info.bits_per_sample) +
                   "-bit; the service documents 16000 Hz, 1 channel, 16-bit");
}

std::string wav_to_base64(std::span<const std::byte> wav_file)
{
    std::string out;
    out.reserve((wav_file.size() + 2) / 3 * 4);
    while (!wav_file.empty()) {
        const std::size_t taken = std::min<std::size_t>(wav_file.size(), 3);
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8U | (i < taken ? std::to_integer<std::uint32_t>(wav_file[i]) : 0);
        for (std::size_t i = 0; i < 4; ++i)
            out.push_back(i <= taken ? alphabet[group >> (18 - 6 * i) & 0x3fU] : '=');
        wav_file = wav_file.subspan(taken);
    }
    return out;
}

}  // namespace aiflow
