#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// The members that events of any type have, then those of their session object.
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
};

inline constexpr std::size_t event_member_count = 18;

/// The member of an event, or of its session object, with that name.
std::optional<event_member> find_event_member(std::string_view name) noexcept;
std::optional<event_member> find_session_member(std::string_view name) noexcept;

/// What stood where a member's value is expected.
enum class value_kind : unsigned char { absent, null, text, integer, real, boolean, nested };

/// The value of one member, as it came.
struct member_value {
    value_kind kind = value_kind::absent;
    std::string_view text;  ///< in the message itself, or in `unescaped`
    std::string unescaped;  ///< keeps its memory from event to event
    std::int64_t integer = 0;
    double real = 0;
    bool boolean = false;

    bool is_given() const noexcept
    {
        return kind != value_kind::absent && kind != value_kind::null;
    }
};

/// All members of one event, before its type is looked at: the order of members is not fixed.
class event_members {
public:
    member_value& operator[](event_member m) noexcept { return values_[index(m)]; }
    const member_value& operator[](event_member m) const noexcept { return values_[index(m)]; }

    /// Whether `m` was in the message at all, be it as null.
    bool has(event_member m) const noexcept { return (*this)[m].kind != value_kind::absent; }

    /// Forgets everything but the memory.
    void clear() noexcept;
    void clear_session() noexcept;

    bool session_is_wrong = false;  ///< `session` was something else than an object
    bool has_unknown = false;       ///< there was a member that no event has

private:
    static constexpr std::size_t index(event_member m) noexcept
    {
        return static_cast<std::size_t>(m);
    }

    std::array<member_value, event_member_count> values_;
};

}  // namespace aiflow
