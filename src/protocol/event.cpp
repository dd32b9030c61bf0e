#include "aiflow/event.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace aiflow {
namespace {

constexpr std::array<std::pair<std::string_view, sms_reason>, 5> reasons{{
    {"smsc_unavailable", sms_reason::smsc_unavailable},
    {"sender_not_allowed", sms_reason::sender_not_allowed},
    {"insufficient_balance", sms_reason::insufficient_balance},
    {"no_sms_extension", sms_reason::no_sms_extension},
    {"unknown", sms_reason::unknown},
}};

char ascii_lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct name_of {
    std::string_view operator()(const session_start&) const noexcept { return "session_start"; }
    std::string_view operator()(const user_speech_started&) const noexcept
    {
        return "user_speech_started";
    }
    std::string_view operator()(const user_speak&) const noexcept { return "user_speak"; }
    std::string_view operator()(const user_barge_in&) const noexcept { return "user_barge_in"; }
    std::string_view operator()(const dtmf_received&) const noexcept { return "dtmf_received"; }
    std::string_view operator()(const assistant_speak&) const noexcept { return "assistant_speak"; }
    std::string_view operator()(const assistant_speech_ended&) const noexcept
    {
        return "assistant_speech_ended";
    }
    std::string_view operator()(const user_input_timeout&) const noexcept
    {
        return "user_input_timeout";
    }
    std::string_view operator()(const sms_failed&) const noexcept { return "sms_failed"; }
    std::string_view operator()(const session_end&) const noexcept { return "session_end"; }
    std::string_view operator()(const unknown_event& e) const noexcept { return e.type; }
};

void take_over(std::string& known, const std::string& later)
{
    if (!later.empty())
        known = later;
}

}  // namespace

call_direction session_info::directed() const noexcept
{
    if (direction == "inbound")
        return call_direction::inbound;
    if (direction == "outbound")
        return call_direction::outbound;
    return call_direction::unknown;
}

checked<aiflow::phone_number> session_info::human() const
{
    const bool called = directed() == call_direction::outbound;
    const std::string& number = called ? to_phone_number : from_phone_number;
    auto parsed = aiflow::phone_number::parse(number);
    if (parsed)
        return parsed;
    const char* field = called ? "session.to_phone_number" : "session.from_phone_number";
    if (number.empty())
        return problem{errc::no_usable_number, field,
                       "is not known: it is withheld, or the service did not send it"};
    return problem{errc::no_usable_number, field,
                   "is no phone number to write to: it " + parsed.error().text};
}

void session_info::merge(const session_info& later)
{
    // Other threads may be reading the id of a session, which never changes.
    if (id.empty())
        id = later.id;
    take_over(account_id, later.account_id);
    take_over(phone_number, later.phone_number);
    take_over(direction, later.direction);
    take_over(from_phone_number, later.from_phone_number);
    take_over(to_phone_number, later.to_phone_number);
}

bool user_speak::mentions(std::string_view word) const noexcept
{
    if (word.empty())
        return false;
    const auto found = std::search(text.begin(), text.end(), word.begin(), word.end(),
                                   [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
    return found != text.end();
}

std::string_view to_string(sms_reason r) noexcept
{
    for (const auto& [name, reason] : reasons) {
        if (reason == r)
            return name;
    }
    return "";
}

sms_reason sms_reason_from(std::string_view text) noexcept
{
    for (const auto& [name, reason] : reasons) {
        if (name == text)
            return reason;
    }
    return sms_reason::other;
}

bool is_account_level(sms_reason r) noexcept
{
    return r == sms_reason::sender_not_allowed || r == sms_reason::insufficient_balance ||
           r == sms_reason::no_sms_extension;
}

std::string_view to_string(end_cause c) noexcept
{
    switch (c) {
    case end_cause::service:
        return "service";
    case end_cause::expired:
        return "expired";
    case end_cause::connection_lost:
        return "connection_lost";
    case end_cause::overflow:
        return "overflow";
    case end_cause::shut_down:
        return "shut_down";
    }
    return "";
}

std::string_view type_name(const event& e) noexcept
{
    return std::visit(name_of{}, e);
}

bool is_answerable(const event& e) noexcept
{
    return !std::holds_alternative<user_speech_started>(e) &&
           !std::holds_alternative<session_end>(e) && !std::holds_alternative<unknown_event>(e);
}

}  // namespace aiflow
