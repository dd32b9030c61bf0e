#include "protocol/event_members.hpp"

#include <algorithm>

namespace aiflow {
namespace {

constexpr auto first_of_session = static_cast<std::size_t>(event_member::session_id);

// In the order of the enumeration.
constexpr std::array<std::string_view, event_member_count> names{
    "type",
    "text",
    "transcript",
    "ssml",
    "barged_in",
    "digit",
    "digits",
    "duration_ms",
    "speech_started_at",
    "recipient",
    "reason",
    "message",
    "id",
    "account_id",
    "phone_number",
    "direction",
    "from_phone_number",
    "to_phone_number",
};

std::optional<event_member> find(std::string_view name, std::size_t begin, std::size_t end) noexcept
{
    for (std::size_t i = begin; i != end; ++i) {
        if (names[i] == name)
            return static_cast<event_member>(i);
    }
    return std::nullopt;
}

}  // namespace

std::optional<event_member> find_event_member(std::string_view name) noexcept
{
    return find(name, 0, first_of_session);
}

std::optional<event_member> find_session_member(std::string_view name) noexcept
{
    return find(name, first_of_session, event_member_count);
}

void event_members::clear() noexcept
{
    for (auto& value : values_)
        value.kind = value_kind::absent;
    session_is_wrong = false;
    has_unknown = false;
}

void event_members::clear_session() noexcept
{
    for (std::size_t i = first_of_session; i != event_member_count; ++i)
        values_[i].kind = value_kind::absent;
}

}  // namespace aiflow
