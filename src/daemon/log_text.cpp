#include "daemon/log_text.hpp"

#include "protocol/json_writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <utility>
#include <vector>

namespace aiflow {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t line_limit = 8192;

// "2026-11-25 15:55:45.123", with any separator between the date and the time.
template <class Clock>
std::string date_and_time(std::chrono::time_point<Clock, milliseconds> when, char separator)
{
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(std::chrono::local_days(day.time_since_epoch()));
    const std::chrono::hh_mm_ss time(when - day);
    std::array<char, 64> out{};
    const int length = std::snprintf(
        out.data(), out.size(), "%04d-%02u-%02u%c%02d:%02d:%02d.%03d",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), separator, static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
        static_cast<int>(time.subseconds().count()));
    return {out.data(), static_cast<std::size_t>(length)};
}

}  // namespace

char syslog_priority(log_level l) noexcept
{
    switch (l) {
    case log_level::error:
        return '3';
    case log_level::warning:
        return '4';
    case log_level::info:
        return '6';
    case log_level::debug:
        break;
    }
    return '7';
}

std::string message_text(const log_record& r)
{
    std::string line(r.id);
    line.append(": ").append(r.text);
    const char* before = " (";
    for (const auto& f : r.fields) {
        line.append(before).append(f.name).append("=").append(f.value);
        before = ", ";
    }
    if (!r.fields.empty())
        line += ')';
    // Whoever wrote the record has escaped what is from outside; this costs little, and a line that
    // forges another one would cost much.
    return printable(line, line_limit);
}

std::string prefixed_line(log_level l, std::string_view message)
{
    std::string line{'<', syslog_priority(l), '>'};
    line.append(message).append("\n");
    return line;
}

std::string terminal_line(const log_record& r, std::chrono::local_time<milliseconds> local)
{
    return date_and_time(local, ' ')
        .append(" ")
        .append(to_string(r.level))
        .append(" ")
        .append(message_text(r))
        .append("\n");
}

std::string json_line(const log_record& r, std::chrono::system_clock::time_point when)
{
    std::string line = "{";
    std::vector<std::string> taken;
    const auto member = [&](std::string name, std::string_view value) {
        while (std::find(taken.begin(), taken.end(), name) != taken.end())
            name += '_';
        if (!taken.empty())
            line += ',';
        append_json_string(line, name);
        line += ':';
        append_json_string(line, value);
        taken.push_back(std::move(name));
    };
    member("time", date_and_time(std::chrono::floor<milliseconds>(when), 'T') + "Z");
    member("level", to_string(r.level));
    member("id", printable(r.id));
    member("text", printable(r.text, line_limit));
    for (const auto& f : r.fields)
        member(printable(f.name), printable(f.value, line_limit));
    line += "}\n";
    return line;
}

}  // namespace aiflow
