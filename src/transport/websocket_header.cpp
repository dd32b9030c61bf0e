#include "transport/websocket_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace aiflow {
namespace {

bool is_token(std::string_view name)
{
    constexpr std::string_view symbols = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [=](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               symbols.find(c) != std::string_view::npos;
    });
}

// Not by a locale, which takes hundreds of instructions to be asked about one character.
constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

std::optional<int> number(std::string_view digits)
{
    int value = 0;
    const auto end = digits.data() + digits.size();
    const auto [at, ec] = std::from_chars(digits.data(), end, value);
    if (ec != std::errc() || at != end || digits.front() == '-')
        return std::nullopt;
    return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", the only form that is still sent (RFC 9110 5.6.7).
// In seconds, since in nanoseconds a far year is beyond what a time can hold.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text)
{
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" ||
        text[19] != ':' || text[22] != ':')
        return std::nullopt;
    const auto day = number(text.substr(5, 2));
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto year = number(text.substr(12, 4));
    const auto hour = number(text.substr(17, 2));
    const auto minute = number(text.substr(20, 2));
    const auto second = number(text.substr(23, 2));
    if (!day || month == months.end() || !year || !hour || !minute || !second)
        return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(*year),
        std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second);
}

}  // namespace

bool is_sendable(const http_header& h)
{
    const auto& v = h.value;
    const bool trimmed = v.empty() || (!is_blank(v.front()) && !is_blank(v.back()));
    return is_token(h.name) && trimmed && std::all_of(v.begin(), v.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return (byte >= 0x20 && byte != 0x7f) || c == '\t';
           });
}

bool same_name(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

bool belongs_to_handshake(std::string_view name)
{
    constexpr std::array<std::string_view, 5> names = {"Host", "Connection", "Upgrade",
                                                       "Content-Length", "Transfer-Encoding"};
    constexpr std::string_view prefix = "Sec-WebSocket-";
    return same_name(name.substr(0, prefix.size()), prefix) ||
           std::any_of(names.begin(), names.end(),
                       [name](std::string_view n) { return same_name(n, name); });
}

std::size_t header_size(std::string_view bytes)
{
    constexpr std::string_view end = "\r\n\r\n";
    const auto at = bytes.find(end);
    return at == std::string_view::npos ? 0 : at + end.size();
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, clock::wall_time now)
{
    using std::chrono::seconds;
    constexpr seconds least{1};
    constexpr seconds most{5 * 60};
    if (value.empty())
        return std::nullopt;
    const bool digits =
        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
        const auto n = number(value);
        return n ? std::clamp(seconds(*n), least, most) : most;
    }
    const auto date = parse_date(value);
    if (!date)
        return std::nullopt;
    return std::clamp(*date - std::chrono::floor<seconds>(now), least, most);
}

}  // namespace aiflow
