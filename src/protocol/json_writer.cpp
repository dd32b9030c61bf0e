#include "protocol/json_writer.hpp"

#include <cstdint>
#include <cstring>

namespace aiflow {
namespace {

bool needs_escape(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// Whether one of eight characters needs an escape. A byte's highest bit is set where subtracting
// went below zero: for a control character, and for a quote or a backslash, which the exclusive or
// has made zero. A borrow may reach the next byte, but only from one that has its bit set already.
bool any_needs_escape(std::uint64_t eight) noexcept
{
    constexpr std::uint64_t ones = 0x0101010101010101;
    const auto quote = eight ^ (ones * '"');
    const auto backslash = eight ^ (ones * '\\');
    const auto control = (eight - ones * 0x20) & ~eight;
    return ((control | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) &
            (ones * 0x80)) != 0;
}

std::uint64_t eight_at(const char* text) noexcept
{
    std::uint64_t eight;
    std::memcpy(&eight, text, sizeof(eight));
    return eight;
}

// How many characters `text` begins with that need no escape.
std::size_t plain_run(std::string_view text) noexcept
{
    constexpr std::size_t step = sizeof(std::uint64_t);
    std::size_t n = 0;
    while (text.size() - n >= step && !any_needs_escape(eight_at(text.data() + n)))
        n += step;
    // What is left of a text is less than eight characters: its last eight hold all of them.
    const bool rest_is_short = n != 0 && text.size() - n < step;
    if (rest_is_short && !any_needs_escape(eight_at(text.data() + text.size() - step)))
        return text.size();
    while (n < text.size() && !needs_escape(text[n]))
        ++n;
    return n;
}

// The letter of the two-character escape, or 0 when there is none.
char short_escape(char c) noexcept
{
    switch (c) {
    case '"':
    case '\\':
        return c;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

void append_escaped(std::string& out, char c)
{
    out.push_back('\\');
    if (const char letter = short_escape(c)) {
        out.push_back(letter);
    } else {
        constexpr std::string_view hex = "0123456789abcdef";
        out.append("u00");
        out.push_back(hex[static_cast<unsigned char>(c) >> 4U]);
        out.push_back(hex[static_cast<unsigned char>(c) & 0x0fU]);
    }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text)
{
    out.push_back('"');
    for (;;) {
        // Runs without escapes go over in one piece: audio is megabytes of them.
        const auto plain = plain_run(text);
        out.append(text.data(), plain);
        if (plain == text.size())
            break;
        append_escaped(out, text[plain]);
        text.remove_prefix(plain + 1);
    }
    out.push_back('"');
}

}  // namespace aiflow
