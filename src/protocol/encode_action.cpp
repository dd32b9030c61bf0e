#include "aiflow/codec.hpp"

#include "protocol/action_names.hpp"
#include "protocol/json_writer.hpp"

namespace aiflow {
namespace {

void write(std::string& out, const barge_in_options& o)
{
    object_writer to(out);
    to.name("strategy", name_in(strategy_names, o.strategy));
    if (o.minimum_characters)
        to.number("minimum_characters", *o.minimum_characters);
    if (o.allow_after_ms)
        to.number("allow_after_ms", *o.allow_after_ms);
    to.end();
}

void write(std::string& out, const vad_options& o)
{
    object_writer to(out);
    to.number("end_of_turn_silence_ms", o.end_of_turn_silence_ms);
    to.end();
}

void write(std::string& out, const tts_options& o)
{
    object_writer to(out);
    if (const auto* azure = std::get_if<azure_voice>(&o)) {
        to.name("provider", azure_name);
        to.text_if_any("language", azure->language);
        to.text_if_any("voice", azure->voice);
    } else if (const auto* eleven_labs = std::get_if<eleven_labs_voice>(&o)) {
        to.name("provider", eleven_labs_name);
        to.text_if_any("voice", eleven_labs->voice);
    }
    to.end();
}

void write(std::string& out, const std::vector<std::string>& list)
{
    out.push_back('[');
    for (const auto& entry : list) {
        if (&entry != &list.front())
            out.push_back(',');
        append_json_string(out, entry);
    }
    out.push_back(']');
}

struct member_writer {
    object_writer& to;

    template <class Options>
    void if_any(std::string_view name, const std::optional<Options>& options) const
    {
        if (options)
            write(to.member(name), *options);
    }

    void operator()(const speak& a) const
    {
        to.text_if_any("text", a.text);
        to.text_if_any("ssml", a.ssml);
        if_any("tts", a.tts);
        if_any("barge_in", a.barge_in);
        if (a.user_input_timeout_seconds)
            to.number("user_input_timeout_seconds", *a.user_input_timeout_seconds);
        if_any("vad", a.vad);
    }
    void operator()(const audio& a) const
    {
        to.text("audio", a.audio_base64);
        if_any("barge_in", a.barge_in);
    }
    void operator()(const mix_audio& a) const
    {
        to.text_if_any("audio", a.audio_base64);
        if (a.volume)
            to.number("volume", *a.volume);
        if (a.stop)
            to.boolean("stop", true);
    }
    void operator()(const hangup&) const {}
    void operator()(const transfer& a) const
    {
        std::string_view caller = a.caller_id_number;
        if (caller.starts_with('+'))
            caller.remove_prefix(1);
        to.text("target_phone_number", a.target.digits());
        to.text("caller_id_name", a.caller_id_name);
        to.text("caller_id_number", caller);
        if (a.timeout_seconds)
            to.number("timeout", *a.timeout_seconds);
    }
    void operator()(const barge_in&) const {}
    void operator()(const configure_transcription& a) const
    {
        if (a.provider)
            to.name("provider", name_in(stt_provider_names, *a.provider));
        if (!a.languages.empty())
            write(to.member("languages"), a.languages);
        if_any("custom_vocabulary", a.custom_vocabulary);
        if_any("vad", a.vad);
    }
    void operator()(const configure_voice_to_voice& a) const
    {
        to.text("system_prompt", a.system_prompt);
        to.text_if_any("greeting", a.greeting);
        if (a.temperature)
            to.number("temperature", *a.temperature);
        to.text_if_any("language", a.language);
    }
    void operator()(const send_sms& a) const
    {
        to.text("phone_number", a.phone_number.digits());
        to.text("message", a.message);
    }
};

}  // namespace

void encode(std::string& out, std::string_view session_id, const action& a)
{
    object_writer to(out);
    to.name("type", type_name(a));
    to.text("session_id", session_id);
    std::visit(member_writer{to}, a);
    to.end();
}

void encode(std::string& out, std::string_view session_id, std::span<const action> actions)
{
    out.push_back('[');
    for (const auto& a : actions) {
        if (&a != &actions.front())
            out.push_back(',');
        encode(out, session_id, a);
    }
    out.push_back(']');
}

}  // namespace aiflow
