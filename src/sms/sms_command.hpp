#pragma once

#include "aiflow/action.hpp"
#include "aiflow/error.hpp"
#include "aiflow/outbox.hpp"
#include "aiflow/sms.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace aiflow {

/// One attempt: which message, which try.
struct sms_attempt_key {
    sms_id id;
    unsigned attempt = 0;

    bool operator==(const sms_attempt_key&) const = default;
};

/// What `sms_tracker` wants to be done, in this order, before the next `sms_tracker::tick`, until
/// which the names of sessions in it are valid.
namespace sms_command {

/// Write `sms_tracker::record` as it is now. `step`: to be given back to `sms_tracker::stored`; 0:
/// nobody waits for it.
struct store {
    sms_id id;
    outbox::durability when;
    unsigned step;
};

/// Hand the frame to the session's connection; `sms_tracker::not_transmitted` if there is none.
struct transmit {
    std::string_view session_id;
    sms_attempt_key key;
    send_sms frame;
};

/// Answer whoever waits for the message to be accepted.
struct answer {
    sms_id id;
    checked<void> result;
};

/// The outbox has not taken a message of this session, so there never was one.
struct rejected {
    std::string session_id;
};

/// Tell the handler, and whoever waits, how the message ended.
struct report {
    std::string_view session_id;
    sms_outcome outcome;
};

/// A line for the log. Numbers are masked and texts are left out before it gets here.
struct note {
    enum class about : unsigned char {
        accepted,
        retry,
        settled,
        failed,
        cancelled,
        orphan,
        ambiguous,
        late,
        breaker_open,
        breaker_closed,
        account_refused
    };

    about what;
    std::string sms;      ///< id; several when ambiguous
    std::string session;  ///< whole
    std::string to;       ///< masked
    unsigned attempt = 0;
    std::string reason;  ///< raw
    std::string detail;  ///< of the service, raw; or the state
    std::chrono::milliseconds in{0};
};

}  // namespace sms_command

using sms_to_do = std::variant<sms_command::store, sms_command::transmit, sms_command::answer,
                               sms_command::rejected, sms_command::report, sms_command::note>;

}  // namespace aiflow
