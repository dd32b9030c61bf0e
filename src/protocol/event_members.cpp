#include "protocol/event_members.hpp"

namespace aiflow {
namespace {

// A name of the same length, which is what a switch has found out.
std::optional<event_member> if_named(std::string_view name, std::string_view candidate,
                                     event_member m) noexcept
{
    return name == candidate ? std::optional(m) : std::nullopt;
}

}  // namespace

std::optional<event_member> find_event_member(std::string_view name) noexcept
{
    using enum event_member;
    switch (name.size()) {
    case 4:
        if (name == "type")
            return type;
        if (name == "text")
            return text;
        return if_named(name, "ssml", ssml);
    case 5:
        return if_named(name, "digit", digit);
    case 6:
        if (name == "reason")
            return reason;
        return if_named(name, "digits", digits);
    case 7:
        if (name == "session")
            return session;
        return if_named(name, "message", message);
    case 9:
        if (name == "barged_in")
            return barged_in;
        return if_named(name, "recipient", recipient);
    case 10:
        return if_named(name, "transcript", transcript);
    case 11:
        return if_named(name, "duration_ms", duration_ms);
    case 17:
        return if_named(name, "speech_started_at", speech_started_at);
    default:
        return std::nullopt;
    }
}

std::optional<event_member> find_session_member(std::string_view name) noexcept
{
    using enum event_member;
    switch (name.size()) {
    case 2:
        return if_named(name, "id", session_id);
    case 9:
        return if_named(name, "direction", direction);
    case 10:
        return if_named(name, "account_id", account_id);
    case 12:
        return if_named(name, "phone_number", phone_number);
    case 15:
        return if_named(name, "to_phone_number", to_phone_number);
    case 17:
        return if_named(name, "from_phone_number", from_phone_number);
    default:
        return std::nullopt;
    }
}

}  // namespace aiflow
