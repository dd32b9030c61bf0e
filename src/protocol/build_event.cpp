#include "protocol/build_event.hpp"

#include <charconv>
#include <cmath>

namespace aiflow {
namespace {

// Keeps the strings of an event of the same type, so that a steady stream does not allocate.
template <class T>
T& reuse(event& e)
{
    if (auto* same = std::get_if<T>(&e))
        return *same;
    return e.emplace<T>();
}

// A whole number in the range of 64 bits, however it was written.
std::optional<std::int64_t> as_integer(const member_value* value) noexcept
{
    constexpr double limit = 9223372036854775808.0;  // 2^63
    if (value != nullptr && value->kind == value_kind::integer)
        return value->integer;
    if (value == nullptr || value->kind != value_kind::real)
        return std::nullopt;
    const double whole = std::round(value->real);
    // Written so that infinity and NaN fail as well.
    if (!(whole >= -limit && whole < limit))
        return std::nullopt;
    return static_cast<std::int64_t>(whole);
}

// Reads members by the type that their event gives them; what is of another type is absent.
class member_reader {
public:
    explicit member_reader(const event_members& members) : members_(members) {}

    std::optional<std::string_view> text(event_member m)
    {
        const auto* value = take(m);
        if (value != nullptr && value->kind == value_kind::text)
            return value->text;
        count_wrong(value);
        return std::nullopt;
    }

    // False, and `to` empty, when there is no text.
    bool text(event_member m, std::string& to)
    {
        const auto found = text(m);
        if (found)
            to.assign(*found);
        else
            to.clear();
        return found.has_value();
    }

    std::int64_t integer(event_member m)
    {
        const auto* value = take(m);
        const auto number = as_integer(value);
        if (!number)
            count_wrong(value);
        return number.value_or(0);
    }

    bool boolean(event_member m)
    {
        const auto* value = take(m);
        if (value != nullptr && value->kind == value_kind::boolean)
            return value->boolean;
        count_wrong(value);
        return false;
    }

    // A key as text, or as the number that stands on it (protocol.md 3.5).
    bool key(event_member m, std::string& to)
    {
        const auto number = as_integer(take(m));
        if (!number || *number < 0)
            return text(m, to);
        char digits[20];
        const auto end = std::to_chars(digits, digits + sizeof(digits), *number).ptr;
        to.assign(digits, end);
        return true;
    }

    std::size_t wrong_types() const noexcept { return wrong_types_; }

    // Members of other types of events are as unknown here as any others.
    bool has_unknown() const noexcept
    {
        return members_.has_unknown || (members_.given() & ~taken_).any();
    }

private:
    const member_value* take(event_member m) noexcept
    {
        taken_[index_of(m)] = true;
        return members_.find(m);
    }

    void count_wrong(const member_value* value) noexcept
    {
        if (value != nullptr && value->kind != value_kind::null)
            ++wrong_types_;
    }

    const event_members& members_;
    event_member_set taken_;
    std::size_t wrong_types_ = 0;
};

void read_session(member_reader& from, session_info& to)
{
    from.text(event_member::session_id, to.id);
    from.text(event_member::account_id, to.account_id);
    from.text(event_member::phone_number, to.phone_number);
    from.text(event_member::direction, to.direction);
    from.text(event_member::from_phone_number, to.from_phone_number);
    from.text(event_member::to_phone_number, to.to_phone_number);
}

void read(member_reader&, session_start& to)
{
    to.resumed = false;
}

void read(member_reader& from, user_speak& to)
{
    // Early versions of the service called it `transcript` (protocol.md C3).
    if (!from.text(event_member::text, to.text))
        from.text(event_member::transcript, to.text);
    to.barged_in = from.boolean(event_member::barged_in);
}

void read(member_reader& from, user_barge_in& to)
{
    from.text(event_member::text, to.text);
}

void read(member_reader& from, dtmf_received& to)
{
    // Some sources call it `digits` (protocol.md C13).
    if (!from.key(event_member::digit, to.digit))
        from.key(event_member::digits, to.digit);
}

void read(member_reader& from, assistant_speak& to)
{
    from.text(event_member::text, to.text);
    from.text(event_member::ssml, to.ssml);
    to.duration_ms = from.integer(event_member::duration_ms);
    to.speech_started_at = from.integer(event_member::speech_started_at);
}

void read(member_reader& from, sms_failed& to)
{
    from.text(event_member::recipient, to.recipient);
    from.text(event_member::reason, to.reason);
    from.text(event_member::message, to.message);
}

void read(member_reader& from, session_end& to)
{
    from.text(event_member::reason, to.reason);
    to.cause = end_cause::service;
}

// Types without members of their own.
template <class T>
void read(member_reader&, T&)
{
}

template <class T>
void read_as(member_reader& from, event& to)
{
    read(from, reuse<T>(to));
}

using read_function = void (*)(member_reader&, event&);

struct event_type {
    std::string_view name;
    read_function read;
};

constexpr event_type event_types[] = {
    {"user_speak", read_as<user_speak>},
    {"user_speech_started", read_as<user_speech_started>},
    {"assistant_speak", read_as<assistant_speak>},
    {"assistant_speech_ended", read_as<assistant_speech_ended>},
    {"session_start", read_as<session_start>},
    {"session_end", read_as<session_end>},
    {"sms_failed", read_as<sms_failed>},
    {"dtmf_received", read_as<dtmf_received>},
    {"user_input_timeout", read_as<user_input_timeout>},
    {"timeout", read_as<user_input_timeout>},  // protocol.md C12
    {"user_barge_in", read_as<user_barge_in>},
};

void read_event(member_reader& from, const std::string_view type, event& to)
{
    for (const auto& known : event_types) {
        if (known.name == type) {
            known.read(from, to);
            return;
        }
    }
    auto& unknown = reuse<unknown_event>(to);
    unknown.type.assign(type);
    unknown.raw.clear();
}

}  // namespace

build_result build_event(const event_members& members, incoming_event& out)
{
    build_result result;
    member_reader from(members);
    out.raw.clear();
    const auto type = from.text(event_member::type);
    read_session(from, out.session);
    if (type && !out.session.id.empty())
        read_event(from, *type, out.event);
    else
        result.error = type ? errc::no_session : errc::no_type;
    result.wrong_types = from.wrong_types() + (members.session_is_wrong ? 1 : 0);
    result.has_unknown = from.has_unknown();
    return result;
}

}  // namespace aiflow
