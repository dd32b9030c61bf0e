#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"
#include "aiflow/log.hpp"
#include "aiflow/outbox.hpp"
#include "aiflow/sms.hpp"
#include "aiflow/sms_statistics.hpp"
#include "sms/sms_command.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aiflow {

/// What the sender needs from the layer above: a way to the wire and a way to the handlers.
class sms_host {
public:
    virtual ~sms_host() = default;

    /// Queues one `send_sms` frame on the session's connection. False: there is none now, nothing
    /// was queued. Once true, exactly one of `sms_sender::written` and `sms_sender::not_written`
    /// follows for the key, later and never from inside this call.
    virtual bool transmit(std::string_view session_id, const sms_attempt_key& key,
                          send_sms frame) = 0;

    /// A message of the session was not accepted after all, and will have no outcome.
    virtual void rejected(std::string_view session_id) = 0;

    /// An outcome for the session's handler, if it still has one.
    virtual void report(std::string_view session_id, const sms_outcome& outcome) = 0;
};

/// Carries out what `sms_tracker` decides: writes to the outbox, hands frames to the host, keeps
/// time.
///
/// Thread safety: none; everything on one executor.
/// Lifetime: `time`, `host` and `store` must outlive it. Destroying it ends every wait with
/// `shutting_down`; nothing is settled then, `stop` does that.
class sms_sender {
public:
    sms_sender(asio::any_io_executor executor, clock& time, logger log, sms_host& host,
               outbox& store, sms_rules rules, std::uint64_t seed);
    ~sms_sender();
    sms_sender(const sms_sender&) = delete;
    sms_sender& operator=(const sms_sender&) = delete;

    /// Reads the outbox and goes on with what was open. Call before anything else, once.
    /// Error: what the outbox says; nothing must be submitted then.
    asio::awaitable<error_code> start();

    /// Completes when the message is accepted, and so in the outbox, or refused. One that can go
    /// out at once is on its way to the connection then, so that what its sender does next comes
    /// behind. Cancellation: stops the waiting only (`interrupted`); a message that was accepted is
    /// sent.
    asio::awaitable<checked<sms_ticket>> submit(std::string session_id, phone_number recipient,
                                                std::string text, sms_options options);

    /// Takes a message back of which nothing is on its way; false when it is too late.
    bool cancel(sms_id id);

    /// Waits for the final outcome; at once if there is one. Error: `invalid_value` for an unknown
    /// id, `shutting_down` when the sender stops first, `interrupted` when cancelled.
    /// Cancellation: total; the message goes on.
    asio::awaitable<checked<sms_outcome>> outcome(sms_id id);

    /// The session is on a connection that can carry its frames (first event, or adopted).
    void session_up(std::string_view session_id);
    /// Its connection is gone.
    void session_gap(std::string_view session_id);
    /// It is over: no frame for it any more. `vendor_reachable`: a connection that could carry a
    /// late failure is still up.
    void session_over(std::string_view session_id, bool vendor_reachable);
    /// A `transfer` was sent for it (an attempt from now on is flagged `after_transfer`).
    void session_transferred(std::string_view session_id);
    /// An event came that may be answered: retries that wait for one go out.
    void session_answerable(std::string_view session_id);

    /// The last connection went, or the first came: whether failures can be heard at all.
    void vendor_reachable(bool reachable);

    /// The kernel took the frame.
    void written(const sms_attempt_key& key);
    /// The frame went nowhere for certain (`touched` false), or perhaps somewhere.
    void not_written(const sms_attempt_key& key, bool touched);
    /// The peer's pong proved that it has the frame.
    void handed_off(const sms_attempt_key& key);

    /// Matches a failure and says what will be made of it. Calls nobody back before it returns.
    sms_failure failed(std::string_view session_id, const sms_failed& e);

    /// Whether anything is remembered of the session.
    bool knows_session(std::string_view session_id) const;

    /// Whether messages of the session are still open, so that its handler is still needed.
    bool has_open(std::string_view session_id) const;

    /// Held messages go out ahead of a hangup (reliability.md 3.6). Their frames have been handed
    /// to the host before this returns if the outbox stores without waiting, as `memory_outbox`
    /// does.
    void flush_held(std::string_view session_id);

    sms_statistics statistics() const;

    /// Whether what waits at `stop` goes on after the next start.
    bool goes_on_after_stop() const noexcept;

    /// Refuses new messages, settles what is in flight as `unobserved`, and waits for the outbox.
    asio::awaitable<void> stop();

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace aiflow
