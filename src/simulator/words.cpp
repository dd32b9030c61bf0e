#include "simulator/words.hpp"

#include "aiflow/log.hpp"
#include "aiflow/sms_text.hpp"
#include "simulator/action_match.hpp"
#include "text/duration_text.hpp"
#include "text/phrases.hpp"

namespace aiflow::simulator {

namespace {

constexpr std::size_t text_limit = 200;  // of the words; the line may cut it further

std::string number_text(std::string_view number, bool show)
{
    if (number.empty())
        return "nobody";
    return show ? printable(number, 32) : masked(number);
}

struct event_words {
    const session_info& session;
    bool show;

    std::string operator()(const session_start&) const
    {
        return number_text(session.from_phone_number, show) + " calls " +
               number_text(session.to_phone_number, show);
    }
    std::string operator()(const user_speech_started&) const { return "caller begins to speak"; }
    std::string operator()(const user_speak& e) const
    {
        return (e.barged_in ? "caller interrupts: " : "caller: ") + in_quotes(e.text, text_limit);
    }
    std::string operator()(const user_barge_in&) const { return "caller interrupts"; }
    std::string operator()(const dtmf_received& e) const
    {
        return "caller presses " + printable(e.digit, 8);
    }
    std::string operator()(const assistant_speak& e) const
    {
        return "voice begins, " + duration_text(std::chrono::milliseconds{e.duration_ms});
    }
    std::string operator()(const assistant_speech_ended&) const { return "voice ends"; }
    std::string operator()(const user_input_timeout&) const { return "caller stays silent"; }
    std::string operator()(const sms_failed& e) const
    {
        std::string text = e.reason.empty() ? "no reason given" : printable(e.reason, 64);
        if (!e.recipient.empty())
            text += ", SMS to " + number_text(e.recipient, show);
        if (!e.message.empty())
            text += " (" + printable(e.message, 80) + ")";
        return text;
    }
    std::string operator()(const session_end& e) const
    {
        return "call ends" + (e.reason.empty() ? "" : ": " + printable(e.reason, 64));
    }
    std::string operator()(const unknown_event& e) const { return printable(e.type, 64); }
};

struct action_words {
    const sms_record* sms;
    bool show;

    std::string operator()(const speak& a) const
    {
        return "bot: " + in_quotes(a.text.empty() ? a.ssml : a.text, text_limit);
    }
    std::string operator()(const audio& a) const
    {
        return "bot plays " + duration_text(*spoken_time(a, {}));
    }
    std::string operator()(const mix_audio& a) const
    {
        return a.stop ? "background sound off" : "background sound on";
    }
    std::string operator()(const hangup&) const { return "bot hangs up"; }
    std::string operator()(const transfer& a) const
    {
        std::string text = "bot transfers to " + number_text(a.target.digits(), show);
        if (a.timeout_seconds)
            text += ", back after " + std::to_string(*a.timeout_seconds) + "s";
        return text;
    }
    std::string operator()(const barge_in&) const { return "bot stops its voice"; }
    std::string operator()(const configure_transcription& a) const
    {
        std::string text = "recognition: ";
        for (const std::string& language : a.languages)
            text += printable(language, 16) + " ";
        return a.languages.empty() ? "recognition: any language" : text;
    }
    std::string operator()(const configure_voice_to_voice&) const { return "speech-to-speech on"; }
    std::string operator()(const send_sms& a) const
    {
        std::string text = "to " + number_text(a.phone_number.digits(), show) + ", ";
        if (sms != nullptr)
            text += "attempt " + std::to_string(sms->attempt) + ", ";
        if (show)
            return text + in_quotes(a.message, text_limit);
        const auto size = measure_sms(a.message);
        return text + count_of(size ? size->characters : a.message.size(), "character");
    }
};

}  // namespace

std::string in_words(const event& e, const session_info& session, bool show)
{
    return std::visit(event_words{session, show}, e);
}

std::string in_words(const action& a, const sms_record* sms, bool show)
{
    return std::visit(action_words{sms, show}, a);
}

std::string in_words(const stream_end& end)
{
    if (end.error != errc::closed_by_peer)
        return end.error.message();
    std::string text = "closed by the bot";
    if (end.close_code != 0)
        text += ", code " + std::to_string(end.close_code);
    if (!end.close_reason.empty())
        text += ": " + printable(end.close_reason, 64);
    return text;
}

std::string in_words(const cut_step& cut)
{
    switch (cut.kind) {
    case cut_kind::close: {
        std::string text = "closed with " + std::to_string(cut.code);
        if (!cut.reason.empty())
            text += ": " + printable(cut.reason, 64);
        return text;
    }
    case cut_kind::reset:
        return "reset";
    case cut_kind::silence:
        return "silent for " + duration_text(cut.time);
    case cut_kind::half_close:
        return "half closed";
    }
    return {};
}

}  // namespace aiflow::simulator
