#include "protocol/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace aiflow {
namespace {

struct form {
    std::size_t bytes;
    char32_t lowest;  // a smaller value in this many bytes would be overlong
    char32_t bits;
};

std::optional<form> form_of(unsigned char lead) noexcept
{
    if ((lead & 0xe0U) == 0xc0)
        return form{2, 0x80, lead & 0x1fU};
    if ((lead & 0xf0U) == 0xe0)
        return form{3, 0x800, lead & 0x0fU};
    if ((lead & 0xf8U) == 0xf0)
        return form{4, 0x10000, lead & 0x07U};
    return std::nullopt;
}

// How many characters of ASCII `text` begins with; eight at a time, since most texts hold little
// else.
std::size_t ascii_run(std::string_view text) noexcept
{
    std::size_t n = 0;
    for (; text.size() - n >= sizeof(std::uint64_t); n += sizeof(std::uint64_t)) {
        std::uint64_t eight;
        std::memcpy(&eight, text.data() + n, sizeof(eight));
        if ((eight & 0x8080808080808080U) != 0)
            break;
    }
    while (n < text.size() && static_cast<unsigned char>(text[n]) < 0x80)
        ++n;
    return n;
}

}  // namespace

std::optional<code_point> first_wide_code_point(std::string_view text) noexcept
{
    const auto f = form_of(static_cast<unsigned char>(text.front()));
    if (!f || text.size() < f->bytes)
        return std::nullopt;
    char32_t value = f->bits;
    for (std::size_t i = 1; i < f->bytes; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0U) != 0x80)
            return std::nullopt;
        value = value << 6U | (next & 0x3fU);
    }
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < f->lowest || value > 0x10ffff || surrogate)
        return std::nullopt;
    return code_point{value, f->bytes};
}

std::optional<std::size_t> count_code_points(std::string_view text) noexcept
{
    std::size_t count = 0;
    for (;;) {
        const auto ascii = ascii_run(text);
        count += ascii;
        text.remove_prefix(ascii);
        if (text.empty())
            return count;
        const auto c = first_code_point(text);
        if (!c)
            return std::nullopt;
        text.remove_prefix(c->bytes);
        ++count;
    }
}

bool has_control(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto c = first_code_point(text);
        if (!c)
            return false;
        if (is_control(c->value))
            return true;
        text.remove_prefix(c->bytes);
    }
    return false;
}

}  // namespace aiflow
