#include "daemon/live_line.hpp"

#include "daemon/wall_time_text.hpp"

#include <string>
#include <utility>
#include <variant>

namespace aiflow {

namespace json = boost::json;

namespace {

void content(json::object& line, const disclosure& shown, std::string_view name,
             const std::string& text)
{
    if (shown.content && !text.empty())
        line[name] = text;
}

struct event_shower {
    json::object& line;
    const incoming_event& in;
    const disclosure& shown;

    void operator()(const session_start&) const { show(line, in.session, shown); }
    void operator()(const user_speak& e) const
    {
        line["barged_in"] = e.barged_in;
        content(line, shown, "text", e.text);
    }
    void operator()(const user_barge_in& e) const { content(line, shown, "text", e.text); }
    // A key may be one of a PIN.
    void operator()(const dtmf_received& e) const { content(line, shown, "digit", e.digit); }
    void operator()(const assistant_speak& e) const
    {
        line["duration_ms"] = e.duration_ms;
        content(line, shown, "text", e.text);
        content(line, shown, "ssml", e.ssml);
    }
    void operator()(const sms_failed& e) const
    {
        line["recipient"] = shown.number(e.recipient);
        line["reason"] = e.reason;
        content(line, shown, "message", e.message);
    }
    void operator()(const session_end& e) const
    {
        line["reason"] = e.reason;
        line["cause"] = to_string(e.cause);
    }
    void operator()(const unknown_event& e) const { content(line, shown, "raw", e.raw); }
    void operator()(const user_speech_started&) const {}
    void operator()(const assistant_speech_ended&) const {}
    void operator()(const user_input_timeout&) const {}
};

struct action_shower {
    json::object& line;
    const disclosure& shown;

    void operator()(const speak& a) const
    {
        content(line, shown, "text", a.text);
        content(line, shown, "ssml", a.ssml);
    }
    void operator()(const audio& a) const { line["base64_bytes"] = a.audio_base64.size(); }
    void operator()(const mix_audio& a) const
    {
        line["base64_bytes"] = a.audio_base64.size();
        line["stop"] = a.stop;
    }
    void operator()(const transfer& a) const
    {
        line["target"] = shown.number(a.target.digits());
        line["caller_id_number"] = shown.number(a.caller_id_number);
    }
    void operator()(const configure_transcription& a) const
    {
        line["languages"] = json::array(a.languages.begin(), a.languages.end());
    }
    void operator()(const send_sms& a) const
    {
        line["recipient"] = shown.number(a.phone_number.digits());
        content(line, shown, "text", a.message);
    }
    void operator()(const hangup&) const {}
    void operator()(const barge_in&) const {}
    void operator()(const configure_voice_to_voice&) const {}
};

}  // namespace

json::object live_line(clock::wall_time now, std::string_view kind, std::string_view session_id,
                       std::string_view type)
{
    json::object line{{"time", wall_time_text(now)}, {"kind", kind}, {"session", session_id}};
    if (!type.empty())
        line["type"] = type;
    return line;
}

void show(json::object& line, const incoming_event& e, const disclosure& shown)
{
    std::visit(event_shower{line, e, shown}, e.event);
}

void show(json::object& line, const action& a, const disclosure& shown)
{
    std::visit(action_shower{line, shown}, a);
}

void show(json::object& line, const sms_outcome& o)
{
    line["id"] = to_string(o.id);
    line["state"] = to_string(o.state);
    line["reason"] = o.reason_text;
    line["attempts"] = o.attempts;
    line["handed_off"] = o.handed_off;
    line["corrected"] = o.corrected;
    line["ambiguous"] = o.ambiguous;
    line["client_ref"] = o.client_ref;
}

void show(json::object& line, const session_info& s, const disclosure& shown)
{
    line["from"] = shown.number(s.from_phone_number);
    line["to"] = shown.number(s.to_phone_number);
    line["direction"] = s.direction;
}

}  // namespace aiflow
