#pragma once

#include "aiflow/codec.hpp"
#include "protocol/event_members.hpp"

namespace aiflow {

/// The events of one message. Keeps its memory from one message to the next.
class event_batch {
public:
    void clear();

    /// Adds the event that element number `element` of the message described.
    void add(const event_members& members, std::size_t element);

    /// Counts an element, or a whole message, that is no event.
    void drop(errc why);

    /// Gives the events that need it their text in `json`, which must be the message, and valid.
    void keep_raw_texts(std::string_view json);

    decoded_message result();

private:
    struct wanted_text {
        std::size_t event;
        std::size_t element;
        bool has_unknown;
    };

    std::vector<incoming_event> events_;
    std::vector<wanted_text> wanted_;
    std::size_t count_ = 0;
    std::size_t dropped_ = 0;
    std::size_t wrong_types_ = 0;
    error_code first_error_;
};

}  // namespace aiflow
