#include "aiflow/codec.hpp"

#include "protocol/json_writer.hpp"

namespace aiflow {
namespace {

struct member_writer {
    object_writer& to;

    void operator()(const session_start&) const {}
    void operator()(const user_speech_started&) const {}
    void operator()(const user_speak& e) const
    {
        to.text("text", e.text);
        to.boolean("barged_in", e.barged_in);
    }
    void operator()(const user_barge_in& e) const { to.text_if_any("text", e.text); }
    void operator()(const dtmf_received& e) const { to.text("digit", e.digit); }
    void operator()(const assistant_speak& e) const
    {
        to.text_if_any("text", e.text);
        to.text_if_any("ssml", e.ssml);
        to.number("duration_ms", e.duration_ms);
        to.number("speech_started_at", e.speech_started_at);
    }
    void operator()(const assistant_speech_ended&) const {}
    void operator()(const user_input_timeout&) const {}
    void operator()(const sms_failed& e) const
    {
        to.text_if_any("recipient", e.recipient);
        to.text_if_any("reason", e.reason);
        to.text_if_any("message", e.message);
    }
    void operator()(const session_end& e) const { to.text_if_any("reason", e.reason); }
    void operator()(const unknown_event&) const {}
};

void write_session(std::string& out, const session_info& s)
{
    object_writer to(out);
    to.text("id", s.id);
    to.text_if_any("account_id", s.account_id);
    to.text_if_any("phone_number", s.phone_number);
    to.text_if_any("direction", s.direction);
    to.text_if_any("from_phone_number", s.from_phone_number);
    to.text_if_any("to_phone_number", s.to_phone_number);
    to.end();
}

}  // namespace

void encode(std::string& out, const incoming_event& e)
{
    if (const auto* unknown = std::get_if<unknown_event>(&e.event);
        unknown && !unknown->raw.empty()) {
        out.append(unknown->raw);
        return;
    }
    object_writer to(out);
    to.text("type", type_name(e.event));
    std::visit(member_writer{to}, e.event);
    write_session(to.member("session"), e.session);
    to.end();
}

}  // namespace aiflow
