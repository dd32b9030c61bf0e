#include "ctl_show.hpp"

#include "aiflow/log.hpp"
#include "ctl_text.hpp"

#include <string_view>

namespace {

namespace json = boost::json;

// The objects of an array member; none when there is no such member.
const json::array* array_of(const json::object& o, std::string_view name)
{
    const auto* v = o.if_contains(name);
    return v == nullptr ? nullptr : v->if_array();
}

template <class Row>
std::string table(const json::array& rows, text_table t, Row row)
{
    for (const json::value& v : rows)
        if (const auto* o = v.if_object())
            t.add(row(*o));
    return t.text();
}

// Long enough to name a call on the command line.
std::string short_session(const json::object& o)
{
    const auto* v = o.if_contains("session");
    const auto* id = v == nullptr ? nullptr : v->if_string();
    return id == nullptr ? "" : aiflow::short_id(*id);
}

std::string calls(const json::object& answer)
{
    const auto* rows = array_of(answer, "calls");
    if (rows == nullptr)
        return {};
    if (rows->empty())
        return "no call is open\n";
    return table(*rows,
                 text_table({"SESSION", "FROM", "TO", "DIRECTION", "OPENED", "LAST", "LAST EVENT",
                             "EVENTS", "ACTIONS"}),
                 [](const json::object& o) {
                     return std::vector{
                         short_session(o),         text_of(o, "from"),   text_of(o, "to"),
                         text_of(o, "direction"),  text_of(o, "opened"), text_of(o, "last"),
                         text_of(o, "last_event"), text_of(o, "events"), text_of(o, "actions")};
                 });
}

std::string sms_list(const json::object& answer)
{
    const auto* rows = array_of(answer, "sms");
    if (rows == nullptr)
        return {};
    if (rows->empty())
        return "no SMS\n";
    return table(
        *rows,
        text_table(
            {"ID", "SESSION", "TO", "STATE", "TRIES", "ACCEPTED", "DUE", "SETTLED", "REASON"}),
        [](const json::object& o) {
            return std::vector{text_of(o, "id"),    short_session(o),       text_of(o, "recipient"),
                               text_of(o, "state"), text_of(o, "attempts"), text_of(o, "accepted"),
                               text_of(o, "due"),   text_of(o, "settled"),  reason_of(o)};
        });
}

std::string sms_show(const json::object& answer)
{
    if (!answer.contains("id"))
        return {};
    json::object members = answer;
    members.erase("history");
    if (reason_of(answer).empty())
        members.erase("reason");
    std::string text = outline(members);
    const auto* history = array_of(answer, "history");
    if (history == nullptr || history->empty())
        return text;
    text_table t({"ATTEMPT", "STARTED", "WRITTEN", "HANDED OFF", "REASON"});
    return text + "\n" + table(*history, std::move(t), [](const json::object& o) {
               return std::vector{text_of(o, "attempt"), text_of(o, "started"),
                                  text_of(o, "written"), text_of(o, "handed_off"),
                                  text_of(o, "reason")};
           });
}

std::string sms_send(const json::object& answer)
{
    const std::string id = text_of(answer, "id");
    const std::string segments = text_of(answer, "segments");
    if (id.empty())
        return {};
    const auto* repeated = answer.if_contains("repeated");
    if (repeated != nullptr && repeated->is_bool() && repeated->get_bool())
        return id + ": this key is of an SMS that was accepted before\n";
    return id + ": accepted, " + segments + (segments == "1" ? " segment\n" : " segments\n");
}

std::string send(const json::object& answer)
{
    const std::string sent = text_of(answer, "sent");
    if (sent.empty())
        return {};
    std::string text = sent + (sent == "1" ? " action sent\n" : " actions sent\n");
    if (const auto* sms = array_of(answer, "sms"); sms != nullptr && !sms->empty())
        text += "SMS accepted: " + readable("sms", *sms) + "\n";
    return text;
}

std::string log_level(const json::object& answer)
{
    const std::string level = text_of(answer, "level");
    return level.empty() ? "" : "the level of the log is " + level + "\n";
}

}  // namespace

std::string shown(ctl_command command, const json::object& answer)
{
    switch (command) {
    case ctl_command::status:
        return outline(answer);
    case ctl_command::calls:
        return calls(answer);
    case ctl_command::sms_list:
        return sms_list(answer);
    case ctl_command::sms_show:
        return sms_show(answer);
    case ctl_command::sms_send:
        return sms_send(answer);
    case ctl_command::send:
        return send(answer);
    case ctl_command::log_level:
        return log_level(answer);
    case ctl_command::sms_cancel:
        return "cancelled\n";
    case ctl_command::drain:
        return "draining: aiflowd takes no further calls, and ends when the open ones have ended\n";
    case ctl_command::reload:
        return "the configuration was read again\n";
    case ctl_command::tail:
        break;
    }
    return {};
}
