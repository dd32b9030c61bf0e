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
    std::size_t dropped = 0;           ///< events that were dropped
    std::size_t wrong_types = 0;       ///< known members of a wrong type, read as absent
};

/// Reads events. Keeps its memory from one message to the next, so use one per connection or
/// thread.
///
/// Thread safety: none; one thread at a time.
class event_decoder {
public:
    event_decoder();
    ~event_decoder();
    event_decoder(event_decoder&&) noexcept;
    event_decoder& operator=(event_decoder&&) noexcept;

    /// Reads one event, or an array of them. Never throws on any input.
    /// Lifetime: the events are the decoder's; they stay valid until the next call.
    decoded_message decode(std::string_view json);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

/// Appends the event as the service would send it. For the stand-in and for tests.
void encode(std::string& out, const incoming_event& e);

/// Appends the action as one JSON object. The action must have passed `validate`.
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
