#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "aiflow/phone_number.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What an application says and hears about its SMS (reliability.md section 3).
namespace aiflow {

/// Names one accepted message, also across restarts.
struct sms_id {
    std::uint64_t value = 0;

    bool operator==(const sms_id&) const = default;
    // clang-tidy 14 takes the 0 that the compiler puts in here for a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const sms_id&) const = default;
};

/// 13 characters, 0-9 and a-v, in the order in which the messages were accepted.
std::string to_string(sms_id id);
std::optional<sms_id> sms_id_from(std::string_view text) noexcept;

/// How one message is to be treated.
struct sms_options {
    /// The caller's own key: the same key again means the same message, and is answered with the
    /// same ticket for 24 h, also after a restart. Empty: no key. At most 128 bytes.
    std::string client_ref = {};

    /// Whether `smsc_unavailable` is retried.
    bool retry = true;

    /// An attempt that ended without proof that the peer had it is written again when its session
    /// is alive. **This can double the SMS**; the default never does.
    bool duplicate_ok = false;

    /// How long after acceptance an attempt may still go out; the rules' age limit when absent.
    std::optional<std::chrono::seconds> max_age = {};

    bool operator==(const sms_options&) const = default;
};

/// Where a message stands.
enum class sms_state : unsigned char {
    accepted,       ///< ours to care for; nothing has been written yet
    sending,        ///< about to be written
    written,        ///< the kernel has it
    handed_off,     ///< the peer's WebSocket layer has it: its pong came
    waiting_retry,  ///< `smsc_unavailable`; the next attempt has its time
    assumed_sent,   ///< no failure came while somebody was listening. Never "delivered"
    unobserved,     ///< the connection or the process ended before that was known
    failed,         ///< a final failure
    abandoned,      ///< a retry was due, but the session was over
    expired,        ///< older than its age limit before it could be written
    cancelled       ///< by the application, while nothing of it was on its way
};

std::string_view to_string(sms_state s) noexcept;
bool is_final(sms_state s) noexcept;

/// What `send_sms` gives back: the message was accepted.
struct sms_ticket {
    sms_id id;
    unsigned segments = 1;  ///< what the text costs (see `sms_text.hpp`)
    bool repeated = false;  ///< the `client_ref` was known: this is the earlier message

    bool operator==(const sms_ticket&) const = default;
};

/// How it went; given to the handler once, and once more if a late failure corrects it.
struct sms_outcome {
    sms_id id;
    std::string client_ref;
    sms_state state = sms_state::assumed_sent;  ///< a final one
    sms_reason reason = sms_reason::none;       ///< the last failure's, if there was any
    std::string reason_text;                    ///< the same, raw
    unsigned attempts = 0;                      ///< frames that were, or may have been, written
    bool handed_off = false;                    ///< the peer proved that it had the last attempt
    bool corrected = false;                     ///< replaces an earlier outcome of this message
    bool ambiguous = false;       ///< a failure may have been of another attempt or message
    bool after_transfer = false;  ///< an attempt went out after the call was transferred

    /// Certainly not sent. `unobserved` is not certain, and is not failed.
    bool failed() const noexcept;

    bool operator==(const sms_outcome&) const = default;
};

/// For people: "assumed sent after 2 attempts, handed off". Shows no number and no text.
std::string to_string(const sms_outcome& o);

/// How an `sms_failed` was matched (reliability.md 3.2).
enum class sms_match : unsigned char {
    matched,    ///< one attempt in flight
    late,       ///< an attempt that had been written off corrected its outcome
    ambiguous,  ///< several could be meant; none is retried
    orphan      ///< nothing known fits
};

std::string_view to_string(sms_match m) noexcept;

/// A failure as the handler sees it: the event and what is made of it.
struct sms_failure {
    sms_failed event;
    sms_match match = sms_match::orphan;
    std::optional<sms_id> id = {};  ///< when `matched` or `late`
    unsigned attempt = 0;           ///< which one failed, from 1
    bool will_retry = false;
    std::chrono::milliseconds retry_in{0};

    bool operator==(const sms_failure&) const = default;
};

/// The numbers of reliability.md 3.2 to 3.7. All have defaults that suit a phone line.
struct sms_rules {
    unsigned max_attempts = 4;
    std::vector<std::chrono::milliseconds> retry_delays{
        std::chrono::seconds{2}, std::chrono::seconds{8}, std::chrono::seconds{30}};
    double retry_jitter = 0.2;                           ///< ±, of the delay; 0 to 0.5
    std::chrono::milliseconds recipient_spacing{2'000};  ///< between two frames to one number
    std::chrono::milliseconds window{30'000};            ///< until `assumed_sent`
    /// For a lost connection to come back; not shorter than that of its sessions.
    std::chrono::milliseconds grace{30'000};
    std::chrono::milliseconds hold{5'000};          ///< of a second text to the same number
    std::chrono::milliseconds late_limit{600'000};  ///< how late a failure may correct
    std::chrono::seconds max_age{300};              ///< from acceptance to the last attempt
    std::chrono::seconds duplicate_window{60};      ///< same text, number and session; no key
    std::chrono::hours client_ref_memory{24};
    std::chrono::milliseconds session_interval{10'000};  ///< between two SMS of a session
    unsigned session_messages = 3;
    unsigned session_frames = 8;  ///< attempts of all its messages together
    unsigned session_recipients = 2;
    unsigned recipient_per_hour = 5;   ///< messages, over all sessions
    unsigned process_per_minute = 60;  ///< messages
    std::size_t max_characters = 1530;
    std::size_t max_open = 10'000;                       ///< messages that are not settled
    unsigned breaker_failures = 5;                       ///< transient: this many failures ...
    unsigned breaker_recipients = 3;                     ///< ... of this many numbers ...
    std::chrono::milliseconds breaker_window{60'000};    ///< ... in this time hold everything
    std::chrono::milliseconds breaker_probe{30'000};     ///< and let one through this often
    std::chrono::milliseconds account_refusal{300'000};  ///< after an account-level reason

    /// Attach retries to the next answerable event of their session instead of sending them at
    /// their own time (protocol.md 5.6, 9).
    bool retry_with_next_event = false;
};

/// What is wrong with the rules, or nothing. Error: `invalid_value`; the field starts with "sms.".
std::optional<problem> validate(const sms_rules& rules);

}  // namespace aiflow
