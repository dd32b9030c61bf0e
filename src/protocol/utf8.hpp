#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace aiflow {

/// One code point of a UTF-8 text and the number of bytes that it takes.
struct code_point {
    char32_t value;
    std::size_t bytes;
};

/// The code point at the start of `text`, or nothing when there is no valid one: overlong forms,
/// surrogates and values above U+10FFFF are refused (RFC 3629). `text` must not be empty.
std::optional<code_point> first_code_point(std::string_view text) noexcept;
/// The same where `text` does not begin with ASCII.
std::optional<code_point> first_wide_code_point(std::string_view text) noexcept;

/// The number of code points, or nothing when `text` is not UTF-8.
std::optional<std::size_t> count_code_points(std::string_view text) noexcept;

/// Whether `c` is a control character: C0, DEL or C1.
constexpr bool is_control(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/// Whether `text` holds a control character. `text` must be UTF-8.
bool has_control(std::string_view text) noexcept;

// Most characters are of ASCII, for which a call would cost more than all the rest.
inline std::optional<code_point> first_code_point(std::string_view text) noexcept
{
    const auto lead = static_cast<unsigned char>(text.front());
    return lead < 0x80 ? code_point{lead, 1} : first_wide_code_point(text);
}

}  // namespace aiflow
