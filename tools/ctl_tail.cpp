#include "ctl_tail.hpp"

#include "aiflow/log.hpp"
#include "ctl_text.hpp"
#include "text/text_columns.hpp"

#include <algorithm>
#include <array>

namespace {

namespace json = boost::json;

constexpr std::size_t session_columns = 8;
constexpr std::size_t type_columns = 24;

// Which way it goes: to the bot, to the service, or neither.
std::string_view arrow(std::string_view kind)
{
    if (kind == "event")
        return "→";
    return kind == "action" ? "←" : "·";
}

std::string name_of(std::string_view kind, const json::object& o)
{
    if (kind == "opened" || kind == "closed")
        return "call " + std::string(kind);
    if (kind == "outcome")
        return "SMS " + text_of(o, "state");
    const std::string type = text_of(o, "type");
    return type.empty() ? aiflow::printable(kind) : type;
}

// What has no place of its own in the line.
std::string details(std::string_view kind, const json::object& o)
{
    constexpr std::array own{"time", "kind", "session", "type"};
    std::string all;
    for (const auto& [name, v] : o) {
        const std::string_view member(name);
        if (std::find(own.begin(), own.end(), member) != own.end() ||
            (kind == "outcome" && member == "state"))
            continue;
        if (member == "reason" && reason_of(o).empty())
            continue;
        if (v.is_bool() && !v.get_bool())
            continue;
        const std::string value = readable(member, v);
        if (value.empty())
            continue;
        all += "  ";
        if (member == "text")
            all += "“" + value + "”";
        else if (v.is_bool())
            all += words(member);
        else
            all += words(member) + " " + value;
    }
    return all;
}

}  // namespace

std::string tail_line(const json::object& o)
{
    const std::string kind = text_of(o, "kind");
    if (kind == "lost")
        return "(" + text_of(o, "lines") + " lines are missing: they came too fast)";
    const auto* session = o.if_contains("session");
    const std::string id =
        session != nullptr && session->is_string() ? aiflow::short_id(session->get_string()) : "";
    const auto* time = o.if_contains("time");
    const std::string when =
        time != nullptr && time->is_string() ? local_moment(time->get_string()) : "";
    std::string line = aiflow::padded(when, 12) + "  " + aiflow::padded(id, session_columns) +
                       "  " + std::string(arrow(kind)) + " ";
    line += aiflow::padded(name_of(kind, o), type_columns) + details(kind, o);
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}
