#include "ctl_text.hpp"

#include "aiflow/log.hpp"
#include "text/duration_text.hpp"
#include "text/text_columns.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

namespace {

namespace json = boost::json;
using aiflow::printable;

// Of one value in a line.
constexpr std::size_t value_limit = 1000;

struct moment {
    std::tm local;
    int ms = 0;
};

std::optional<moment> read_time(std::string_view utc)
{
    std::tm t{};
    int ms = 0;
    int used = 0;
    const std::string text(utc);
    if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &t.tm_year, &t.tm_mon, &t.tm_mday,
                    &t.tm_hour, &t.tm_min, &t.tm_sec, &used) != 6)
        return std::nullopt;
    std::string_view rest = std::string_view(text).substr(static_cast<std::size_t>(used));
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        for (int unit = 100; !rest.empty() && rest.front() >= '0' && rest.front() <= '9';
             unit /= 10) {
            ms += (rest.front() - '0') * unit;
            rest.remove_prefix(1);
        }
    }
    if (rest != "Z")
        return std::nullopt;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    const std::time_t seconds = ::timegm(&t);
    moment m{.local = {}, .ms = ms};
    ::localtime_r(&seconds, &m.local);
    return m;
}

std::string formatted(const char* format, const std::tm& t)
{
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &t)};
}

bool is_today(const std::tm& t)
{
    const std::time_t seconds = std::time(nullptr);
    std::tm now{};
    ::localtime_r(&seconds, &now);
    return now.tm_year == t.tm_year && now.tm_yday == t.tm_yday;
}

std::string scalar(const json::value& v)
{
    if (const auto* s = v.if_string())
        return read_time(*s) ? local_time(*s) : printable(*s, value_limit);
    if (const auto* b = v.if_bool())
        return *b ? "yes" : "no";
    return v.is_null() ? "" : printable(json::serialize(v), value_limit);
}

bool is_nested(const json::value& v)
{
    if (const auto* a = v.if_array())
        return std::any_of(a->begin(), a->end(), is_nested);
    return v.is_object();
}

std::optional<double> number_of(const json::value& v)
{
    boost::system::error_code failed;
    const auto number = v.to_number<double>(failed);
    return failed || !(number >= 0 && number < 1e15) ? std::nullopt : std::optional(number);
}

// "uptime_seconds" is shown as the uptime.
std::string_view without_unit(std::string_view name)
{
    for (const std::string_view unit : {"_seconds", "_ms", "_bytes"})
        if (name.ends_with(unit))
            return name.substr(0, name.size() - unit.size());
    return name;
}

void append_pretty(std::string& to, const json::value& v, std::size_t indent)
{
    const auto line = [&to](std::size_t columns) { to.append("\n").append(columns, ' '); };
    const auto* o = v.if_object();
    const auto* a = v.if_array();
    if ((o == nullptr || o->empty()) && (a == nullptr || a->empty())) {
        to += printable(json::serialize(v), std::string::npos);
        return;
    }
    bool first = true;
    const auto next = [&] {
        to += std::exchange(first, false) ? "" : ",";
        line(indent + 2);
    };
    to += o != nullptr ? '{' : '[';
    if (o != nullptr) {
        for (const auto& [name, value] : *o) {
            next();
            to += printable(json::serialize(json::value(name)), std::string::npos) + ": ";
            append_pretty(to, value, indent + 2);
        }
    } else {
        for (const json::value& value : *a) {
            next();
            append_pretty(to, value, indent + 2);
        }
    }
    line(indent);
    to += o != nullptr ? '}' : ']';
}

}  // namespace

std::string local_time(std::string_view utc)
{
    const auto m = read_time(utc);
    if (!m)
        return printable(utc, value_limit);
    return formatted(is_today(m->local) ? "%H:%M:%S" : "%Y-%m-%d %H:%M", m->local);
}

std::string local_moment(std::string_view utc)
{
    const auto m = read_time(utc);
    if (!m)
        return printable(utc, value_limit);
    return formatted("%H:%M:%S", m->local) + "." + std::to_string(1'000 + m->ms).substr(1);
}

std::string readable_duration(std::int64_t ms)
{
    constexpr std::array<std::pair<std::int64_t, const char*>, 4> units{
        {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}}};
    if (ms < 60'000)
        return aiflow::duration_text(std::chrono::milliseconds(ms));
    for (std::size_t i = 0; i + 1 < units.size(); ++i) {
        const auto [unit, name] = units[i];
        if (ms < unit)
            continue;
        std::string text = std::to_string(ms / unit) + name;
        if (const auto less = ms % unit / units[i + 1].first; less > 0)
            text += " " + std::to_string(less) + units[i + 1].second;
        return text;
    }
    return {};
}

std::string readable_bytes(std::uint64_t bytes)
{
    if (bytes < 1024)
        return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
    auto amount = static_cast<double>(bytes);
    const char* unit = "";
    for (const char* larger : {"KiB", "MiB", "GiB", "TiB"}) {
        if (amount < 1024)
            break;
        amount /= 1024;
        unit = larger;
    }
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.1f %s", amount, unit);
    return text.data();
}

std::string words(std::string_view name)
{
    std::string text = printable(name, value_limit);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string text_of(const json::object& o, std::string_view member)
{
    const auto* v = o.if_contains(member);
    return v == nullptr ? "" : readable(member, *v);
}

std::string reason_of(const json::object& sms)
{
    constexpr std::array<std::string_view, 7> without{
        "accepted", "sending", "written", "handed_off", "assumed_sent", "unobserved", "cancelled"};
    const auto* state = sms.if_contains("state");
    const auto* ambiguous = sms.if_contains("ambiguous");
    // A failure that may be of this SMS or of another one leaves the state as it is.
    const bool is_told = ambiguous != nullptr && *ambiguous == true;
    if (!is_told && state != nullptr && state->is_string() &&
        std::find(without.begin(), without.end(), state->get_string()) != without.end())
        return {};
    return text_of(sms, "reason");
}

std::string readable(std::string_view name, const json::value& v)
{
    if (const auto* a = v.if_array()) {
        std::string all;
        for (const json::value& each : *a)
            all += (all.empty() ? "" : ", ") + scalar(each);
        return all.empty() ? "none" : all;
    }
    if (const auto* s = v.if_string(); s != nullptr && name == "state")
        return words(*s);
    if (const auto number = number_of(v)) {
        if (name.ends_with("_seconds"))
            return readable_duration(static_cast<std::int64_t>(*number * 1000));
        if (name.ends_with("_ms"))
            return readable_duration(static_cast<std::int64_t>(*number));
        if (name.ends_with("bytes"))
            return readable_bytes(static_cast<std::uint64_t>(*number));
    }
    return scalar(v);
}

text_table::text_table(std::vector<std::string> heads)
{
    rows_.push_back(std::move(heads));
}

std::string text_table::text(std::string_view indent) const
{
    std::vector<std::size_t> widths(rows_.front().size());
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < widths.size(); ++i)
            widths[i] = std::max(widths[i], aiflow::columns_of(row.at(i)));
    std::string all;
    for (const auto& row : rows_) {
        std::string line(indent);
        for (std::size_t i = 0; i < widths.size(); ++i)
            line += aiflow::padded(row[i], widths[i] + 2);
        line.erase(line.find_last_not_of(' ') + 1);
        all += line + "\n";
    }
    return all;
}

std::string outline(const json::object& o, std::size_t indent)
{
    const std::string margin(indent, ' ');
    std::size_t width = 0;
    for (const auto& [name, v] : o)
        if (!is_nested(v))
            width = std::max(width, aiflow::columns_of(words(without_unit(name))));
    std::string all;
    for (const auto& [name, v] : o) {
        const std::string head = words(without_unit(name));
        if (const auto* nested = v.if_object()) {
            all.append(margin).append(head).append("\n").append(outline(*nested, indent + 2));
        } else if (is_nested(v)) {
            for (const json::value& each : v.get_array()) {
                const json::object wrapper{{name, each}};
                all += outline(wrapper, indent);
            }
        } else if (const std::string text = readable(name, v); !text.empty()) {
            all.append(margin).append(aiflow::padded(head, width + 2)).append(text).append("\n");
        }
    }
    return all;
}

std::string pretty(const json::value& v)
{
    std::string text;
    append_pretty(text, v, 0);
    return text + "\n";
}
