#include "protocol/json_writer.hpp"

#include <algorithm>

namespace aiflow {
namespace {

bool needs_escape(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
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

}  // namespace

void append_json_string(std::string& out, std::string_view text)
{
    out.push_back('"');
    while (!text.empty()) {
        // Runs without escapes go over in one piece: audio is megabytes of them.
        const auto stop = std::find_if(text.begin(), text.end(), needs_escape);
        const auto plain = static_cast<std::size_t>(stop - text.begin());
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty())
            break;
        const char c = text.front();
        text.remove_prefix(1);
        if (const char letter = short_escape(c)) {
            out.push_back('\\');
            out.push_back(letter);
        } else {
            constexpr std::string_view hex = "0123456789abcdef";
            out.append("\\u00");
            out.push_back(hex[static_cast<unsigned char>(c) >> 4U]);
            out.push_back(hex[static_cast<unsigned char>(c) & 0x0fU]);
        }
    }
    out.push_back('"');
}

}  // namespace aiflow
