#pragma once

#include "aiflow/error.hpp"
#include "aiflow/phone_number.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// Events: what AI Flow sends (protocol.md section 3). Plain values; copy and move as you like.
///
/// The docs call some members required that their own examples leave out, so every member may be
/// empty. `session` is not repeated in each event: it belongs to the `incoming_event` around it,
/// and a handler reads it from its session.
namespace aiflow {

/// Who called whom (protocol.md 2.1).
enum class call_direction : unsigned char { unknown, inbound, outbound };

/// The session object that comes with every event (protocol.md section 2).
///
/// Only `id` may be relied on. Numbers are kept as they came, with or without `+`.
struct session_info {
    std::string id = {};
    std::string account_id = {};
    std::string phone_number = {};
    std::string direction = {};  ///< raw: "inbound", "outbound", anything else, or empty
    std::string from_phone_number = {};
    std::string to_phone_number = {};

    call_direction directed() const noexcept;

    /// The number of the human on the line: the called one for an outbound call, else the calling
    /// one (protocol.md 2.3). Error: `no_usable_number` when it is withheld, absent or no phone
    /// number.
    checked<aiflow::phone_number> human() const;

    /// Takes over every member that `later` knows; never forgets what is known (protocol.md 2.2).
    void merge(const session_info& later);

    bool operator==(const session_info&) const = default;
};

/// A call began, or came back from a transfer that failed (protocol.md 3.1).
struct session_start {
    bool resumed = false;  ///< set by the dispatcher: the session has started before

    bool operator==(const session_start&) const = default;
};

/// The caller began to speak; no action answers this event (protocol.md 3.2).
struct user_speech_started {
    bool operator==(const user_speech_started&) const = default;
};

/// What the caller said in one turn (protocol.md 3.3).
struct user_speak {
    std::string text = {};
    bool barged_in = false;  ///< the caller interrupted the assistant

    /// Whether `word` occurs in the text, ignoring ASCII case. An empty word never does.
    bool mentions(std::string_view word) const noexcept;

    bool operator==(const user_speak&) const = default;
};

/// The caller interrupted; legacy, informational (protocol.md 3.4).
struct user_barge_in {
    std::string text = {};

    bool operator==(const user_barge_in&) const = default;
};

/// One key was pressed: "0" to "9", "*", "#" (protocol.md 3.5).
struct dtmf_received {
    std::string digit = {};

    bool operator==(const dtmf_received&) const = default;
};

/// Speech of ours began or ended; may never come (protocol.md 3.6).
struct assistant_speak {
    std::string text = {};
    std::string ssml = {};
    std::int64_t duration_ms = 0;
    std::int64_t speech_started_at = 0;  ///< Unix time in ms, as sent

    bool operator==(const assistant_speak&) const = default;
};

/// Playback of ours ended (protocol.md 3.7).
struct assistant_speech_ended {
    bool operator==(const assistant_speech_ended&) const = default;
};

/// Nobody spoke within the time that a `speak` had set (protocol.md 3.8).
struct user_input_timeout {
    bool operator==(const user_input_timeout&) const = default;
};

/// Why an SMS failed (protocol.md 5.5).
enum class sms_reason : unsigned char {
    none,                  ///< no failure was reported
    smsc_unavailable,      ///< transient; the only reason that is safe to retry
    sender_not_allowed,    ///< account: the sender is not verified for SMS
    insufficient_balance,  ///< account: no credit
    no_sms_extension,      ///< account: SMS is not provisioned
    unknown,               ///< the service said "unknown"
    other                  ///< a string that is not documented today, or none at all
};

/// The wire's spelling; "" for `none` and `other`.
std::string_view to_string(sms_reason r) noexcept;

/// `other` for every string that protocol.md 5.5 does not list.
sms_reason sms_reason_from(std::string_view text) noexcept;

/// Whether the reason hits every further send of the account as well (protocol.md 5.5).
bool is_account_level(sms_reason r) noexcept;

/// A `send_sms` failed. Carries no id: matching it is the SMS tracker's work
/// (protocol.md 3.9, 5.6).
struct sms_failed {
    std::string recipient = {};  ///< as it came; may be empty
    std::string reason = {};     ///< raw; keep it, new reasons may come
    std::string message = {};    ///< technical detail, never the text of the SMS

    sms_reason why() const noexcept { return sms_reason_from(reason); }

    bool operator==(const sms_failed&) const = default;
};

/// How a session came to its end.
enum class end_cause : unsigned char {
    service,          ///< `session_end` came
    expired,          ///< no event for too long; the protocol guarantees no end
    connection_lost,  ///< its connection did not come back within the grace period
    overflow,         ///< its handler was too slow and its queue ran over
    shut_down         ///< this process is stopping
};

std::string_view to_string(end_cause c) noexcept;

/// The call is over; no action reaches it any more (protocol.md 3.10).
struct session_end {
    std::string reason = {};               ///< the service's word, if it gave one
    end_cause cause = end_cause::service;  ///< anything but `service` was decided here

    bool operator==(const session_end&) const = default;
};

/// An event of a type that this version does not know.
struct unknown_event {
    std::string type = {};
    std::string raw = {};  ///< the whole event as JSON

    bool operator==(const unknown_event&) const = default;
};

using event = std::variant<session_start, user_speech_started, user_speak, user_barge_in,
                           dtmf_received, assistant_speak, assistant_speech_ended,
                           user_input_timeout, sms_failed, session_end, unknown_event>;

/// The wire's name of the event's type; for `unknown_event` the one that came.
std::string_view type_name(const event& e) noexcept;

/// Whether actions may be sent because of this event (protocol.md 7.1). False for
/// `user_speech_started`, `session_end` and unknown events.
bool is_answerable(const event& e) noexcept;

/// An event with the session that it belongs to.
struct incoming_event {
    session_info session;
    aiflow::event event;
    /// The whole JSON, kept when it had members that this version does not know.
    std::string raw = {};

    bool operator==(const incoming_event&) const = default;
};

}  // namespace aiflow
