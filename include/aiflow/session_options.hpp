#pragma once

#include "aiflow/sms.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace aiflow {

/// What cancels the handler function that is running for a session.
enum class interruption : unsigned char {
    barge_in,     ///< `session_end` and a caller who barges in
    session_end,  ///< `session_end` only
};

/// How sessions are treated, whichever way their connection was opened.
struct session_options {
    interruption interrupt = interruption::barge_in;

    /// Events that wait for one session's handler, by number and by text. When it is full, reading
    /// from the connection pauses; when it stays full for so long, the session ends with
    /// `overflow`. A pause is not taken for silence of the peer.
    std::size_t queue_events = 256;
    std::size_t queue_bytes = std::size_t{1024} * 1024;
    std::chrono::milliseconds overflow_patience{10'000};
    /// The same where other sessions share the connection: they must not be held up. All pauses
    /// count together, until the queue is down to half of its limits.
    std::chrono::milliseconds shared_overflow_patience{250};

    std::chrono::milliseconds grace{30'000};  ///< for a lost connection's sessions to return
    std::chrono::milliseconds expiry{6 * 3'600'000};  ///< without any event
    std::chrono::milliseconds slow_answer{1'000};     ///< handling longer than this is logged
    std::chrono::milliseconds farewell{2'000};        ///< for handlers to end at shutdown
    std::size_t max_sessions = 100'000;               ///< further ones are refused and logged

    sms_rules sms = {};
};

/// What is wrong with the options, or nothing.
std::optional<problem> validate(const session_options& o);

/// How one connection is watched and bounded (reliability.md section 2).
struct connection_options {
    std::chrono::milliseconds ping_interval{20'000};  ///< ping when nothing came for this long
    std::chrono::milliseconds pong_timeout{10'000};   ///< then anything has to come within this
    std::chrono::milliseconds write_timeout{10'000};  ///< some byte has to leave within this
    std::chrono::milliseconds close_timeout{5'000};   ///< for the writer and the close frame
    std::size_t queue_messages = 4096;  ///< that wait to be written; then `queue_full`
    std::size_t queue_bytes = std::size_t{32} * 1024 * 1024;
};

/// What is wrong with the options, or nothing.
std::optional<problem> validate(const connection_options& o);

}  // namespace aiflow
