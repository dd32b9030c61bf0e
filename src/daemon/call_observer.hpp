#pragma once

#include "aiflow/action.hpp"
#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"
#include "aiflow/event.hpp"
#include "aiflow/sms.hpp"

#include <optional>
#include <string_view>

namespace aiflow {

/// Hears what happens in the calls; metrics and the live feed are such.
///
/// Thread safety: called on the daemon's executor. Must not throw and must not wait.
class call_observer {
public:
    virtual ~call_observer() = default;

    /// A handler was made for a session.
    virtual void opened(const session_info& session) = 0;
    /// An event came, before it is handled. Failures of SMS among them, whoever is shown them.
    virtual void event(const incoming_event& e) = 0;
    /// The handler has nothing left to do for an event; `took` counts from when it got it.
    virtual void handled(std::string_view type, clock::duration took) = 0;
    /// An action was queued for the service, or refused. A `send_sms` that was accepted has `id`.
    virtual void action(const session_info& session, const aiflow::action& a,
                        const std::optional<problem>& refused, std::optional<sms_id> id) = 0;
    virtual void outcome(const session_info& session, const sms_outcome& o) = 0;
    /// The handler is gone.
    virtual void closed(const session_info& session) = 0;
};

}  // namespace aiflow
