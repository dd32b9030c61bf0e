#pragma once

#include "aiflow/action.hpp"
#include "aiflow/event.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// JSON to and from events and actions. Reading is tolerant (protocol.md 8.3), writing is strict.
namespace aiflow {

/// What one text message held.
struct decoded_message {
    std::span<incoming_event> events;  ///< in order; may be moved from
    error_code error;                  ///< why the message, or its first bad element, was dropped
    std::size_t dropped = 0;           ///< events that were dropped; a bad message counts as one
    std::size_t wrong_types = 0;       ///< known members of a wrong type, read as absent
};

/// Reads events. Keeps its memory from one message to the next, so use one per connection or
/// thread. What is kept is bounded by the largest message so far.
///
/// Tolerant (protocol.md 8.3): unknown members are skipped, a known member of a wrong type or null
/// is absent, of two members of one name the last counts, and the older names `transcript`,
/// `digits` and `timeout` are understood. Whole numbers are taken as they are, others are rounded;
/// what 64 bits cannot hold is a wrong type.
///
/// Thread safety: none; one thread at a time.
class event_decoder {
public:
    event_decoder();
    ~event_decoder();
    event_decoder(event_decoder&&) noexcept;
    event_decoder& operator=(event_decoder&&) noexcept;

    /// Reads one event, or an array of them. Never throws on any input.
    ///
    /// Errors: `not_json` and `too_deep` drop the whole message; `not_an_object`, `no_type` and
    /// `no_session` drop one event. An empty array is `not_an_object`: it holds no event.
    /// Lifetime: the events are the decoder's; they stay valid until the next call.
    decoded_message decode(std::string_view json);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

/// Appends the event as the service would send it, without members that are empty. For the
/// stand-in and for tests. An `unknown_event` goes out as its own raw text; `raw` of the event
/// around it is not looked at.
void encode(std::string& out, const incoming_event& e);

/// Appends the action as one JSON object, with documented members only. The action must have
/// passed `validate`, and `session_id` must be UTF-8.
void encode(std::string& out, std::string_view session_id, const action& a);

/// Appends the actions as one array, to be run in order (protocol.md 4.0).
void encode(std::string& out, std::string_view session_id, std::span<const action> actions);

/// An action with the session that it is for.
struct addressed_action {
    std::string session_id;
    aiflow::action action;

    bool operator==(const addressed_action&) const = default;
};

/// Reads an action or an array of actions, strictly: an unknown type, an unknown member, a wrong
/// type or a value outside its range is a problem, with the place (`[1].tts.provider`) in `field`.
checked<std::vector<addressed_action>> decode_actions(std::string_view json);

}  // namespace aiflow
