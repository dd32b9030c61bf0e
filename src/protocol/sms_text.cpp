#include "aiflow/sms_text.hpp"

#include "protocol/utf8.hpp"

#include <array>
#include <string>

namespace aiflow {
namespace {

// 3GPP TS 23.038, 6.2.1. The escape at 0x1b is no character of its own and is left out.
constexpr std::u32string_view gsm_basic = U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
                                          U" !\"#¤%&'()*+,-./0123456789:;<=>?"
                                          U"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
                                          U"¿abcdefghijklmnopqrstuvwxyzäöñüà";

// 3GPP TS 23.038, 6.2.1.1: each takes the escape and one more septet.
constexpr std::u32string_view gsm_extension = U"\f^{}\\[~]|€";

static_assert(gsm_basic.size() == 127);
static_assert(gsm_extension.size() == 10);

// 0 when GSM 03.38 has no such character.
constexpr unsigned looked_up_septets(char32_t c) noexcept
{
    if (gsm_basic.find(c) != std::u32string_view::npos)
        return 1;
    return gsm_extension.find(c) != std::u32string_view::npos ? 2 : 0;
}

constexpr auto ascii_septets = [] {
    std::array<unsigned char, 128> all{};
    for (char32_t c = 0; c < all.size(); ++c)
        all[c] = static_cast<unsigned char>(looked_up_septets(c));
    return all;
}();

// Most characters are of ASCII, and a search for each would cost more than all the rest of an SMS.
unsigned septets(char32_t c) noexcept
{
    return c < ascii_septets.size() ? ascii_septets[c] : looked_up_septets(c);
}

unsigned utf16_units(char32_t c) noexcept
{
    return c > 0xffff ? 2 : 1;
}

// Counts units, and segments as the sender fills them: what does not fit whole begins a new one.
class segment_counter {
public:
    segment_counter(std::size_t alone, std::size_t joined) : alone_(alone), joined_(joined) {}

    void add(unsigned units) noexcept
    {
        if (segments_ == 0 || used_ + units > joined_) {
            ++segments_;
            used_ = 0;
        }
        used_ += units;
        total_ += units;
    }

    std::size_t units() const noexcept { return total_; }

    unsigned segments() const noexcept
    {
        return total_ == 0 ? 0 : total_ <= alone_ ? 1 : segments_;
    }

private:
    std::size_t alone_;
    std::size_t joined_;
    std::size_t used_ = 0;
    std::size_t total_ = 0;
    unsigned segments_ = 0;
};

problem refused(std::string text)
{
    return {errc::invalid_text, "message", std::move(text)};
}

problem not_utf8(std::size_t byte)
{
    return refused("is not UTF-8 from byte " + std::to_string(byte) + " on; give UTF-8");
}

// In that encoding; in UCS-2 all the same where GSM 03.38 has no such character.
checked<sms_size> measure(std::string_view text, sms_encoding encoding)
{
    const bool gsm = encoding == sms_encoding::gsm7;
    segment_counter units = gsm ? segment_counter(160, 153) : segment_counter(70, 67);
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++characters) {
        const auto c = first_code_point(text.substr(at));
        if (!c)
            return not_utf8(at);
        const unsigned cost = gsm ? septets(c->value) : utf16_units(c->value);
        if (cost == 0)
            return measure(text, sms_encoding::ucs2);
        units.add(cost);
        at += c->bytes;
    }
    return sms_size{encoding, characters, units.units(), units.segments()};
}

}  // namespace

std::string_view to_string(sms_encoding e) noexcept
{
    return e == sms_encoding::gsm7 ? "gsm7" : "ucs2";
}

checked<sms_size> measure_sms(std::string_view text)
{
    return measure(text, sms_encoding::gsm7);
}

std::optional<problem> validate_sms_text(std::string_view text, std::size_t max_characters)
{
    if (text.empty())
        return problem{errc::sms_empty, "message", "is empty; an SMS needs at least 1 character"};
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++characters) {
        const auto c = first_code_point(text.substr(at));
        if (!c)
            return not_utf8(at);
        if (is_control(c->value) && c->value != U'\n')
            return refused("has a control character at byte " + std::to_string(at) +
                           "; only line feed is allowed");
        at += c->bytes;
    }
    if (characters > max_characters)
        return problem{errc::sms_too_long, "message",
                       "has " + std::to_string(characters) + " characters; at most " +
                           std::to_string(max_characters) + " are allowed"};
    return std::nullopt;
}

}  // namespace aiflow
