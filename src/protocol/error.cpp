#include "aiflow/error.hpp"

#include <boost/system/errc.hpp>
#include <boost/system/error_category.hpp>

#include <utility>

namespace aiflow {
namespace {

namespace conditions = boost::system::errc;

const char* text_of(errc e) noexcept
{
    switch (e) {
    case errc::not_json:
        return "the message is not JSON in UTF-8";
    case errc::not_an_object:
        return "the message is neither a JSON object nor an array of objects";
    case errc::no_type:
        return "the event has no string \"type\"";
    case errc::no_session:
        return "the event has no \"session\" with an \"id\"";
    case errc::too_deep:
        return "the JSON is nested too deeply";
    case errc::invalid_phone_number:
        return "not an E.164 phone number";
    case errc::invalid_value:
        return "a value is outside its range";
    case errc::invalid_choice:
        return "exactly one of two members has to be given";
    case errc::invalid_audio:
        return "not a WAV file that can be played";
    case errc::invalid_text:
        return "the text is not UTF-8 or has characters that are not allowed";
    case errc::invalid_url:
        return "not a usable ws:// or wss:// URL";
    case errc::invalid_header:
        return "the header name or value must not go on the wire";
    case errc::invalid_scenario:
        return "the scenario cannot be played";
    case errc::session_over:
        return "the session has ended";
    case errc::no_connection:
        return "the connection of the session is gone";
    case errc::queue_full:
        return "too much is waiting to be written to the connection";
    case errc::interrupted:
        return "interrupted by the caller, the end of the session or a cancellation";
    case errc::shutting_down:
        return "shutting down";
    case errc::no_usable_number:
        return "the number of the person on the line is withheld or not a phone number";
    case errc::sms_empty:
        return "the SMS has no text";
    case errc::sms_too_long:
        return "the SMS has more characters than allowed";
    case errc::sms_session_messages:
        return "the session has sent as many different SMS as allowed";
    case errc::sms_session_frames:
        return "the session has made as many SMS attempts as allowed";
    case errc::sms_session_recipients:
        return "the session has sent SMS to as many recipients as allowed";
    case errc::sms_session_interval:
        return "too soon after the previous SMS of the session";
    case errc::sms_recipient_rate:
        return "the recipient has been sent as many SMS this hour as allowed";
    case errc::sms_process_rate:
        return "the process has sent as many SMS this minute as allowed";
    case errc::sms_duplicate_suppressed:
        return "the same text was sent to the same number a moment ago";
    case errc::sms_account_refused:
        return "the account may not send SMS at the moment";
    case errc::sms_client_ref_conflict:
        return "the client_ref belongs to another message";
    case errc::outbox_full:
        return "too many SMS are not settled yet";
    case errc::storage_full:
        return "no space left for the outbox";
    case errc::storage_failed:
        return "the outbox cannot be written";
    case errc::storage_locked:
        return "another process has the outbox open";
    case errc::storage_newer:
        return "the outbox was written by a newer version";
    case errc::resolve_timeout:
        return "resolving the host name took too long";
    case errc::connect_timeout:
        return "connecting took too long";
    case errc::tls_timeout:
        return "the TLS handshake took too long";
    case errc::upgrade_timeout:
        return "the WebSocket handshake took too long";
    case errc::upgrade_refused:
        return "the server refused the WebSocket upgrade";
    case errc::upgrade_invalid:
        return "the answer to the WebSocket upgrade is invalid";
    case errc::certificate_rejected:
        return "the certificate of the peer was rejected";
    case errc::pong_timeout:
        return "the peer has gone silent";
    case errc::write_timeout:
        return "the peer does not take what is written";
    case errc::message_too_large:
        return "the message is larger than the limit";
    case errc::too_many_fragments:
        return "the message has more fragments than the limit";
    case errc::protocol_violation:
        return "the peer broke the WebSocket protocol";
    case errc::closed_by_peer:
        return "the peer closed the connection";
    case errc::connection_lost:
        return "the connection was lost";
    case errc::closed_locally:
        return "the connection was closed by this side";
    }
    return "unknown aiflow error";
}

// The base has no virtual destructor, and nobody destroys a category.
// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor)
class category final : public boost::system::error_category {
public:
    // A fixed id keeps codes equal even if two copies of the library meet in one process.
    constexpr category() noexcept : error_category(0x61'69'66'6c'6f'77'65'63) {}

    const char* name() const noexcept override { return "aiflow"; }

    std::string message(int value) const override { return text_of(static_cast<errc>(value)); }

    const char* message(int value, char*, std::size_t) const noexcept override
    {
        return text_of(static_cast<errc>(value));
    }

    boost::system::error_condition default_error_condition(int value) const noexcept override
    {
        switch (static_cast<errc>(value)) {
        case errc::not_json:
        case errc::not_an_object:
        case errc::no_type:
        case errc::no_session:
        case errc::too_deep:
            return make_error_condition(conditions::bad_message);
        case errc::invalid_phone_number:
        case errc::invalid_value:
        case errc::invalid_choice:
        case errc::invalid_audio:
        case errc::invalid_text:
        case errc::invalid_url:
        case errc::invalid_header:
        case errc::invalid_scenario:
        case errc::sms_empty:
        case errc::sms_too_long:
            return make_error_condition(conditions::invalid_argument);
        case errc::interrupted:
        case errc::shutting_down:
            return make_error_condition(conditions::operation_canceled);
        case errc::no_connection:
            return make_error_condition(conditions::not_connected);
        case errc::queue_full:
        case errc::outbox_full:
            return make_error_condition(conditions::no_buffer_space);
        case errc::storage_full:
            return make_error_condition(conditions::no_space_on_device);
        case errc::storage_failed:
            return make_error_condition(conditions::io_error);
        case errc::storage_locked:
            return make_error_condition(conditions::device_or_resource_busy);
        case errc::resolve_timeout:
        case errc::connect_timeout:
        case errc::tls_timeout:
        case errc::upgrade_timeout:
        case errc::pong_timeout:
        case errc::write_timeout:
            return make_error_condition(conditions::timed_out);
        case errc::message_too_large:
            return make_error_condition(conditions::message_size);
        case errc::upgrade_invalid:
        case errc::too_many_fragments:
        case errc::protocol_violation:
            return make_error_condition(conditions::protocol_error);
        case errc::connection_lost:
            return make_error_condition(conditions::connection_reset);
        default:
            return {value, *this};
        }
    }
};

}  // namespace

const boost::system::error_category& aiflow_category() noexcept
{
    static constexpr category instance;
    return instance;
}

error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), aiflow_category()};
}

std::string to_string(const problem& p)
{
    if (p.field.empty())
        return p.text;
    return p.field + ": " + p.text;
}

failure::failure(problem p) : system_error(p.code, to_string(p)), problem_(std::move(p)) {}

void throw_exception_from_error(const problem& p, const boost::source_location&)
{
    throw failure(p);
}

}  // namespace aiflow
