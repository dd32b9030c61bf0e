#pragma once

#include "aiflow/action.hpp"
#include "aiflow/error.hpp"
#include "sms/sms_sender.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aiflow {

class session_state;

/// The way from a session to the service: a connection, or the answers to its HTTP requests.
///
/// Thread safety: none; the dispatcher's executor.
/// Lifetime: must have been detached, or have no sessions left, before it goes.
class session_link {
public:
    explicit session_link(std::string label) : label_(std::move(label)) {}
    session_link(const session_link&) = delete;
    session_link& operator=(const session_link&) = delete;
    virtual ~session_link() = default;

    /// Queues the actions as one message each, or as one array. Error: `queue_full`.
    virtual checked<void> queue(std::string_view session_id, std::span<const action> actions,
                                bool as_array) = 0;

    /// Queues a `send_sms` whose fate is reported to the sender. False: the queue is full.
    virtual bool queue_sms(std::string_view session_id, const sms_attempt_key& key,
                           send_sms frame) = 0;

    /// How many messages wait to be written; what waits for an HTTP request does not.
    virtual std::size_t waiting() const noexcept { return 0; }

    /// A valid event came this way.
    virtual void mark_proven() noexcept {}

    /// The session's handler has nothing left to do.
    virtual void handler_idle() {}

    /// The session has ended or goes on elsewhere: nothing is queued for it here any more.
    /// `call_over`: what still waits must not be sent.
    virtual void session_left(const session_state& s, bool call_over) = 0;

    /// Names it in the log.
    const std::string& label() const noexcept { return label_; }

    /// The sessions whose last event came this way; the dispatcher's.
    std::vector<session_state*> sessions;
    /// Whether a message that was no event has been logged; the dispatcher's.
    bool complained = false;

private:
    std::string label_;
};

}  // namespace aiflow
