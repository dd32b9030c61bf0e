#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// The members that events of any type have, then those of their session object, then that object
/// itself, which has no value of its own.
enum class event_member : unsigned char {
    type,
    text,
    transcript,
    ssml,
    barged_in,
    digit,
    digits,
    duration_ms,
    speech_started_at,
    recipient,
    reason,
    message,
    session_id,
    account_id,
    phone_number,
    direction,
    from_phone_number,
    to_phone_number,
    session,
};

constexpr std::size_t index_of(event_member m) noexcept
{
    return static_cast<std::size_t>(m);
}

inline constexpr std::size_t event_member_count = index_of(event_member::session);

/// The member of an event, or of its session object, with that name.
std::optional<event_member> find_event_member(std::string_view name) noexcept;
std::optional<event_member> find_session_member(std::string_view name) noexcept;

/// What stood where a member's value is expected.
enum class value_kind : unsigned char { null, text, integer, real, boolean, nested };

/// The value of one member, as it came.
struct member_value {
    value_kind kind = value_kind::null;
    std::string_view text;  ///< in the message itself, or in `unescaped`
    std::string unescaped;  ///< keeps its memory from event to event
    std::int64_t integer = 0;
    double real = 0;
    bool boolean = false;
};

using event_member_set = std::bitset<event_member_count>;

/// All members of one event, before its type is looked at: the order of members is not fixed.
class event_members {
public:
    /// The place for a value of `m`, of the kind that came. What is there is of an earlier event.
    member_value& give(event_member m, value_kind kind) noexcept
    {
        given_[index_of(m)] = true;
        values_[index_of(m)].kind = kind;
        return values_[index_of(m)];
    }

    /// Null when `m` was not in the message.
    const member_value* find(event_member m) const noexcept
    {
        return given_[index_of(m)] ? &values_[index_of(m)] : nullptr;
    }

    /// What was in the message, be it as null.
    const event_member_set& given() const noexcept { return given_; }

    /// Forgets everything but the memory.
    void clear() noexcept
    {
        given_.reset();
        session_is_wrong = false;
        has_unknown = false;
    }

    void clear_session() noexcept
    {
        constexpr event_member_set others((1U << index_of(event_member::session_id)) - 1U);
        given_ &= others;
    }

    bool session_is_wrong = false;  ///< `session` was something else than an object
    bool has_unknown = false;       ///< there was a member that no event has

private:
    event_member_set given_;
    std::array<member_value, event_member_count> values_;
};

}  // namespace aiflow
