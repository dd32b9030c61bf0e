#include "daemon/control_error.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace aiflow {

namespace {

struct row {
    errc code;
    unsigned status;
    std::string_view name;
};

constexpr std::array rows{
    row{errc::not_json, 400, "not_json"},
    row{errc::not_an_object, 422, "not_an_object"},
    row{errc::no_type, 422, "no_type"},
    row{errc::no_session, 422, "no_session"},
    row{errc::too_deep, 422, "too_deep"},
    row{errc::invalid_phone_number, 422, "invalid_phone_number"},
    row{errc::invalid_value, 422, "invalid_value"},
    row{errc::invalid_choice, 422, "invalid_choice"},
    row{errc::invalid_audio, 422, "invalid_audio"},
    row{errc::invalid_text, 422, "invalid_text"},
    row{errc::session_over, 409, "session_over"},
    row{errc::no_connection, 409, "no_connection"},
    row{errc::queue_full, 429, "queue_full"},
    row{errc::shutting_down, 503, "shutting_down"},
    row{errc::no_usable_number, 422, "no_usable_number"},
    row{errc::sms_empty, 422, "sms_empty"},
    row{errc::sms_too_long, 422, "sms_too_long"},
    row{errc::sms_session_messages, 429, "sms_session_messages"},
    row{errc::sms_session_frames, 429, "sms_session_frames"},
    row{errc::sms_session_recipients, 429, "sms_session_recipients"},
    row{errc::sms_session_interval, 429, "sms_session_interval"},
    row{errc::sms_recipient_rate, 429, "sms_recipient_rate"},
    row{errc::sms_process_rate, 429, "sms_process_rate"},
    row{errc::sms_duplicate_suppressed, 409, "sms_duplicate_suppressed"},
    row{errc::sms_account_refused, 409, "sms_account_refused"},
    row{errc::sms_client_ref_conflict, 409, "sms_client_ref_conflict"},
    row{errc::outbox_full, 503, "outbox_full"},
    row{errc::storage_full, 503, "storage_full"},
    row{errc::storage_failed, 503, "storage_failed"},
};

}  // namespace

control_error error_of(const problem& p)
{
    const auto* const found = std::find_if(
        rows.begin(), rows.end(), [&](const row& r) { return p.code == make_error_code(r.code); });
    if (found == rows.end())
        return {500, "internal", p.field, p.text};
    return {found->status, std::string(found->name), p.field, p.text};
}

boost::json::object to_json(const control_error& e)
{
    return {{"code", e.code}, {"field", e.field}, {"text", e.text}};
}

}  // namespace aiflow
