#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <boost/system/system_error.hpp>

#include <string>
#include <string_view>

namespace aiflow {

using boost::system::error_code;

/// Every error that this library names itself.
///
/// Errors of the operating system, of OpenSSL and of the WebSocket layer keep their own categories;
/// where a bare system error would hide the meaning (a timeout shows up as a cancelled read), the
/// library replaces it by one of these.
enum class errc {
    // What the peer sent (protocol.md 8.3). None of these closes a connection.
    not_json = 1,   ///< the text is not JSON, or not UTF-8
    not_an_object,  ///< JSON, but neither an object nor an array of objects
    no_type,        ///< no `type`, or not a string
    no_session,     ///< no `session`, or no `session.id`
    too_deep,       ///< nested deeper than the limit

    // What the application asked for.
    invalid_phone_number = 20,  ///< not an E.164 number
    invalid_value,              ///< a value is outside its range or its set
    invalid_choice,             ///< exactly one of two members has to be given
    invalid_audio,              ///< not a WAV file that the service plays
    invalid_text,               ///< not UTF-8, or with control characters
    invalid_url,                ///< not a `ws://` or `wss://` URL that can be used
    invalid_header,             ///< a header name or value that must not go on the wire
    invalid_scenario,           ///< a scenario file that cannot be played

    // Sessions.
    session_over = 40,  ///< the session has ended; no action can reach it any more
    no_connection,      ///< the session's connection is gone and has not come back yet
    queue_full,         ///< too much is waiting to be written to this connection
    interrupted,        ///< while it was waited for: by the caller, the end of the session, or a
                        ///< cancellation
    shutting_down,      ///< the client or listener has been told to stop

    // SMS refused at submit (reliability.md 3.3, 3.7).
    no_usable_number = 60,     ///< the caller's number is withheld or not a phone number
    sms_empty,                 ///< no text
    sms_too_long,              ///< more characters than the rules allow
    sms_session_messages,      ///< the session has had its number of different SMS
    sms_session_frames,        ///< the session has had its number of attempts
    sms_session_recipients,    ///< the session has had its number of recipients
    sms_session_interval,      ///< too soon after the previous SMS of the session
    sms_recipient_rate,        ///< this number has had its SMS for this hour
    sms_process_rate,          ///< the process has had its SMS for this minute
    sms_duplicate_suppressed,  ///< same text, number and session, without a key of its own
    sms_account_refused,       ///< the account is refused for now; the reason is in the problem
    sms_client_ref_conflict,   ///< this `client_ref` belongs to a message with other content
    outbox_full,               ///< too many messages are not settled yet
    storage_full,              ///< no space left for the outbox
    storage_failed,            ///< the outbox cannot be written
    storage_locked,            ///< another process has the outbox open
    storage_newer,             ///< the outbox was written by a newer version

    // Connections.
    resolve_timeout = 90,  ///< name resolution took too long
    connect_timeout,       ///< the TCP connection took too long
    tls_timeout,           ///< the TLS handshake took too long
    upgrade_timeout,       ///< the WebSocket handshake took too long
    upgrade_refused,       ///< the server answered with another HTTP status than 101
    upgrade_invalid,       ///< the answer to the upgrade breaks RFC 6455
    certificate_rejected,  ///< the peer's certificate did not verify
    pong_timeout,          ///< nothing was received within the ping interval and the pong limit
    write_timeout,         ///< no byte left for too long
    message_too_large,     ///< a message is larger than the limit
    too_many_fragments,    ///< a message came in more fragments than the limit
    protocol_violation,    ///< the peer broke RFC 6455
    closed_by_peer,        ///< the peer sent a close frame
    connection_lost,       ///< the connection ended without a close frame
    closed_locally,        ///< this side closed the connection
};

/// The category of `errc`; its name is "aiflow".
const boost::system::error_category& aiflow_category() noexcept;

error_code make_error_code(errc e) noexcept;

/// Why a value was refused, in words that a person can act on.
///
/// Holds no token, no message text and no phone number, so it may be logged and shown.
struct problem {
    error_code code;    ///< one of `errc`
    std::string field;  ///< the member or place, e.g. `speak.user_input_timeout_seconds`
    std::string text;   ///< what is wrong and what would be right

    bool operator==(const problem&) const = default;
};

/// "field: text", for logs and messages.
std::string to_string(const problem& p);

/// Thrown where a coroutine has no other way to report a `problem`.
class failure : public boost::system::system_error {
public:
    explicit failure(problem p);

    const problem& what_is_wrong() const noexcept { return problem_; }

private:
    problem problem_;
};

/// A value, or the reason why there is none.
template <class T>
using checked = boost::system::result<T, problem>;

/// Makes `checked<T>::value()` throw `failure`.
[[noreturn]] void throw_exception_from_error(const problem& p, const boost::source_location&);

}  // namespace aiflow

template <>
struct boost::system::is_error_code_enum<aiflow::errc> : std::true_type {
};
