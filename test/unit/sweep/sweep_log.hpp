#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/sms.hpp"
#include "aiflow/sms_statistics.hpp"
#include "aiflow/statistics.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace aiflow::test {

/// One thing that happened in a play, as the bot, the library's end of the wire, the outbox or the
/// service saw it.
struct sweep_note {
    enum kind_type : unsigned char {
        made,       ///< the handler of a session
        gone,       ///< the handler
        told,       ///< an event to the handler: `text` in words
        gap,        ///< to the handler
        ended,      ///< to the handler: `text` is the cause
        outcome,    ///< to the handler
        accepted,   ///< an SMS, to the bot: `id`, `text`
        refused,    ///< an SMS, to the bot: `text`
        received,   ///< a message by the library: `text` as it came
        written,    ///< a message by the library: `text` as it goes
        unwritten,  ///< a message of which certainly nothing got out: `text` as it was to go
        left,       ///< the library has given the connection up
        stored,     ///< a record of an SMS: `id`, `state`, `text` of the SMS
        arrived     ///< an SMS, at the service: `text`, and its answer in `answer`
    };

    kind_type kind;
    clock::time_point at;
    std::string session = {};
    std::string text = {};
    std::size_t connection = 0;
    sms_id id = {};
    sms_state state = {};
    sms_outcome how = {};
    std::string answer = {};
    std::string recipient = {};
};

/// What is left when a play is over.
struct sweep_rest {
    bool reached = true;          ///< the fault happened
    bool finished = true;         ///< the client or listener came to its end
    bool stopped = false;         ///< in the middle, by the fault
    bool aborted = false;         ///< likewise, without patience for handlers
    bool walked_away = false;     ///< likewise, and everything was destroyed
    bool hears_gaps = true;       ///< every change of connection is one
    bool knows_unwritten = true;  ///< that nothing of a message got out
    int handlers = 0;
    std::size_t sleepers = 0;
    bool work_left = false;
    std::vector<std::string> new_call;  ///< what went wrong with the call after the fault
    session_statistics sessions = {};
    sms_statistics sms = {};
};

/// Everything of one play, in the order in which it happened.
struct sweep_log {
    std::vector<sweep_note> notes;
    sweep_rest rest;
};

}  // namespace aiflow::test
