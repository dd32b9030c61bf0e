#include "aiflow/log.hpp"

#include "protocol/utf8.hpp"

#include <array>
#include <cstdio>

namespace aiflow {
namespace {

// Characters that reorder what is around them, so that a line reads as something else.
constexpr bool is_bidirectional(char32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
           c == 0x200f || c == 0x061c;
}

// Line and paragraph separator: a new line for some viewers.
constexpr bool is_separator(char32_t c)
{
    return c == 0x2028 || c == 0x2029;
}

void append_escaped(std::string& out, std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += "\\x";
        out += digits[byte >> 4U];
        out += digits[byte & 0xfU];
    }
}

}  // namespace

std::string_view to_string(log_level l) noexcept
{
    switch (l) {
    case log_level::debug:
        return "debug";
    case log_level::info:
        return "info";
    case log_level::warning:
        return "warning";
    case log_level::error:
        return "error";
    }
    return "unknown";
}

void logger::write(log_level l, std::string_view id, std::string_view text,
                   std::initializer_list<log_field> fields) const
{
    if (!enabled(l))
        return;
    try {
        sink_({l, id, text, {fields.begin(), fields.size()}});
    } catch (...) {
        // A call is worth more than a line about it.
    }
}

logger stderr_logger(log_level threshold)
{
    return logger(
        [](const log_record& r) {
            std::string line(to_string(r.level));
            line.append(" ").append(r.id).append(": ").append(r.text);
            const char* before = " (";
            for (const auto& f : r.fields) {
                line.append(before).append(f.name).append("=").append(f.value);
                before = ", ";
            }
            line += r.fields.empty() ? "\n" : ")\n";
            // One call, so that the lines of several threads do not mix.
            std::fwrite(line.data(), 1, line.size(), stderr);
        },
        threshold);
}

std::string printable(std::string_view text, std::size_t limit)
{
    constexpr std::string_view more = "...";
    std::string out;
    std::size_t whole = 0;  // how much of `out` fits together with the mark that there was more
    while (!text.empty()) {
        const auto c = first_code_point(text);
        const std::size_t bytes = c ? c->bytes : 1;
        const auto piece = text.substr(0, bytes);
        if (!c || is_control(c->value) || is_bidirectional(c->value) || is_separator(c->value))
            append_escaped(out, piece);
        else
            out += piece;
        if (out.size() > limit) {
            out.resize(whole);
            out += more.substr(0, limit);
            return out;
        }
        if (out.size() + more.size() <= limit)
            whole = out.size();
        text.remove_prefix(bytes);
    }
    return out;
}

std::string short_id(std::string_view session_id)
{
    return printable(session_id.substr(0, 8), 32);
}

}  // namespace aiflow
