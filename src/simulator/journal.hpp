#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "simulator/call_player.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace aiflow::simulator {

/// One message on the wire.
struct frame_record {
    clock::time_point at;
    bool to_bot = false;         ///< an event; otherwise actions from the bot
    std::size_t connection = 0;  ///< from 1
    std::size_t call = 0;        ///< from 1; 0 when it belongs to none that is known
    std::string session;         ///< of an array of actions: the first one's
    std::string text;
};

/// One `send_sms`.
struct sms_record {
    clock::time_point at;
    std::size_t call = 0;
    std::string session;
    std::string recipient;  ///< digits
    std::string text;
    unsigned attempt = 1;  ///< which frame with this session, recipient and text
    bool late = false;     ///< after the end of the call; the service does not look at it
    std::string answer;    ///< "accepted", the reason, or "raw"
};

/// An expectation that was decided.
struct check_record {
    std::size_t call = 0;  ///< 0: of the scenario as a whole
    std::size_t line = 0;  ///< in the file; 0 for what is always expected
    bool held = false;
    std::string text;
};

struct call_record {
    std::size_t number = 0;
    std::string label;
    session_info session;
    call_outcome outcome = call_outcome::playing;
};

/// Everything that happened, for tests and for the summary.
struct journal {
    std::vector<frame_record> frames;
    std::vector<sms_record> sends;
    std::vector<check_record> checks;
    std::vector<call_record> calls;
    std::size_t connections = 0;
    std::size_t events = 0;       ///< sent, raw messages included
    std::size_t lost_events = 0;  ///< not sent, since their call had no connection
    std::size_t actions = 0;      ///< valid ones
    std::size_t late_actions = 0;
    std::size_t invalid_actions = 0;  ///< messages that hold no valid actions, or for no known call

    /// Whether every expectation that was decided held.
    bool all_held() const noexcept
    {
        for (const check_record& c : checks) {
            if (!c.held)
                return false;
        }
        return true;
    }
};

}  // namespace aiflow::simulator
