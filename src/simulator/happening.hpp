#pragma once

#include "aiflow/message_stream.hpp"
#include "simulator/journal.hpp"

#include <functional>

namespace aiflow::simulator {

struct connection_opened {};
struct connection_ended {
    stream_end how;
    bool here = false;  ///< this side ended it: by the script, or because everything was over
};
struct event_sent {
    const aiflow::event* event;
    bool lost = false;  ///< the call had no connection
};
struct raw_sent {
    std::string_view text;
    bool lost = false;
};
struct action_taken {
    const aiflow::action* action;
    bool late = false;                ///< the call had ended
    const sms_record* sms = nullptr;  ///< of a `send_sms`
};
struct message_refused {
    const problem* why;
};
struct cut_made {
    const cut_step* how;
};
struct check_made {
    const check_record* check;
};
struct call_over {
    call_outcome how;
};
struct frame_moved {
    const frame_record* frame;
};

/// Something that the simulator tells while it runs. Valid during the call of the observer.
struct happening {
    clock::time_point at;
    std::size_t connection = 0;  ///< 0: none
    std::size_t call = 0;        ///< 0: none
    std::variant<connection_opened, connection_ended, event_sent, raw_sent, action_taken,
                 message_refused, cut_made, check_made, call_over, frame_moved>
        what;
};

using observer = std::function<void(const happening&)>;

}  // namespace aiflow::simulator
