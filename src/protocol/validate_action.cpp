#include "protocol/validate_action.hpp"

#include "aiflow/sms_text.hpp"
#include "aiflow/wav.hpp"
#include "protocol/action_names.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace aiflow {
namespace {

// A BCP 47 tag by its form: subtags of 1 to 8 letters or digits, the first of 2 to 8 letters.
bool is_language_tag(std::string_view tag) noexcept
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto letter_or_digit = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    bool first = true;
    while (true) {
        const auto sub = tag.substr(0, tag.find('-'));
        if (sub.empty() || sub.size() > 8 || !std::all_of(sub.begin(), sub.end(), letter_or_digit))
            return false;
        if (first && (sub.size() < 2 || !std::all_of(sub.begin(), sub.end(), letter)))
            return false;
        if (sub.size() == tag.size())
            return true;
        tag.remove_prefix(sub.size() + 1);
        first = false;
    }
}

std::string indexed(const char* field, std::size_t i)
{
    return field + ("[" + std::to_string(i) + "]");
}

// Looks at one action; keeps the first problem, since later ones often follow from it.
class checker {
public:
    std::optional<problem> found;

    void operator()(const speak& a)
    {
        one_of("text", "text and ssml", !a.text.empty(), !a.ssml.empty());
        utf8("text", a.text);
        utf8("ssml", a.ssml);
        if (a.tts)
            voice(*a.tts);
        interruption(a.barge_in);
        range("user_input_timeout_seconds", a.user_input_timeout_seconds, 1,
              std::numeric_limits<int>::max(), " seconds");
        silence(a.vad);
    }

    void operator()(const audio& a)
    {
        wav(a.audio_base64);
        interruption(a.barge_in);
    }

    void operator()(const mix_audio& a)
    {
        one_of("audio_base64", "audio and stop", !a.audio_base64.empty(), a.stop);
        if (!a.audio_base64.empty())
            wav(a.audio_base64);
        range("volume", a.volume, 0, 1);
    }

    void operator()(const hangup&) {}

    void operator()(const transfer& a)
    {
        needed("caller_id_name", a.caller_id_name);
        line("caller_id_name", a.caller_id_name);
        if (auto number = phone_number::parse(a.caller_id_number); !number)
            report(errc::invalid_phone_number, "caller_id_number", number.error().text);
        range("timeout_seconds", a.timeout_seconds, 5, 120, " seconds");
    }

    void operator()(const barge_in&) {}

    void operator()(const configure_transcription& a)
    {
        if (a.provider && name_in(stt_provider_names, *a.provider).empty())
            report(errc::invalid_value, "provider", "is none of " + choices(stt_provider_names));
        if (a.languages.size() > 4)
            report(errc::invalid_value, "languages",
                   "has " + std::to_string(a.languages.size()) + " entries; at most 4 are allowed");
        for (std::size_t i = 0; i < a.languages.size(); ++i)
            language(indexed("languages", i), a.languages[i]);
        if (a.custom_vocabulary)
            vocabulary(*a.custom_vocabulary);
        silence(a.vad);
    }

    void operator()(const configure_voice_to_voice& a)
    {
        needed("system_prompt", a.system_prompt);
        utf8("system_prompt", a.system_prompt);
        utf8("greeting", a.greeting);
        range("temperature", a.temperature, 0, 2);
        line("language", a.language);
    }

    void operator()(const send_sms& a)
    {
        // The service names no upper limit (protocol.md 5.1); what is sensible is the sender's
        // rule.
        if (auto why = validate_sms_text(a.message, std::numeric_limits<std::size_t>::max()))
            report(why->code, "message", why->text);
    }

private:
    void report(error_code code, std::string field, std::string text)
    {
        if (!found)
            found = problem{code, std::move(field), std::move(text)};
    }

    void one_of(const char* field, const char* names, bool has_first, bool has_second)
    {
        if (has_first == has_second)
            report(errc::invalid_choice, field,
                   std::string("give exactly one of ") + names +
                       (has_first ? "; both are given" : "; neither is given"));
    }

    void needed(const char* field, std::string_view text)
    {
        if (text.empty())
            report(errc::invalid_value, field, "is empty; it has to be given");
    }

    void utf8(std::string_view field, std::string_view text)
    {
        if (!count_code_points(text))
            report(errc::invalid_text, std::string(field), "is not UTF-8; give UTF-8");
    }

    // Names end up in telephone signalling, where a line break would begin a field of its own.
    void line(const char* field, std::string_view text)
    {
        utf8(field, text);
        if (has_control(text))
            report(errc::invalid_text, field, "has control characters; give one line of text");
    }

    void language(std::string field, std::string_view tag)
    {
        if (!is_language_tag(tag))
            report(errc::invalid_value, std::move(field),
                   "is no BCP 47 language; give one such as de-DE");
    }

    void range(const char* field, std::optional<int> value, int low, int high,
               const char* unit = "")
    {
        if (!value || (*value >= low && *value <= high))
            return;
        const bool open = high == std::numeric_limits<int>::max();
        report(errc::invalid_value, field,
               "is " + std::to_string(*value) + "; " + std::to_string(low) +
                   (open ? " or more" : " to " + std::to_string(high)) + unit + " are allowed");
    }

    void range(const char* field, std::optional<double> value, int low, int high)
    {
        // Written so that NaN fails as well.
        if (value && !(*value >= low && *value <= high))
            report(errc::invalid_value, field,
                   "is out of range; " + std::to_string(low) + " to " + std::to_string(high) +
                       " is allowed");
    }

    void voice(const tts_options& tts)
    {
        if (const auto* azure = std::get_if<azure_voice>(&tts)) {
            if (!azure->language.empty())
                language("tts.language", azure->language);
            line("tts.voice", azure->voice);
        } else if (const auto* eleven_labs = std::get_if<eleven_labs_voice>(&tts)) {
            line("tts.voice", eleven_labs->voice);
        }
    }

    void interruption(const std::optional<barge_in_options>& o)
    {
        if (!o)
            return;
        const bool counts = o->strategy == barge_in_strategy::minimum_characters;
        const bool waits = counts || o->strategy == barge_in_strategy::immediate;
        if (name_in(strategy_names, o->strategy).empty())
            report(errc::invalid_value, "barge_in.strategy",
                   "is none of " + choices(strategy_names));
        if (o->minimum_characters && !counts)
            report(errc::invalid_value, "barge_in.minimum_characters",
                   "is only for the strategy minimum_characters; leave it out");
        if (o->allow_after_ms && !waits)
            report(errc::invalid_value, "barge_in.allow_after_ms",
                   "is only for the strategies minimum_characters and immediate; leave it out");
        range("barge_in.minimum_characters", o->minimum_characters, 1, 100);
        range("barge_in.allow_after_ms", o->allow_after_ms, 0, 10000, " ms");
    }

    void silence(const std::optional<vad_options>& o)
    {
        if (o)
            range("vad.end_of_turn_silence_ms", o->end_of_turn_silence_ms, 150, 2000, " ms");
    }

    void vocabulary(const std::vector<std::string>& entries)
    {
        constexpr std::size_t most_entries = 100;
        constexpr std::size_t most_characters = 200;
        if (entries.size() > most_entries)
            report(errc::invalid_value, "custom_vocabulary",
                   "has " + std::to_string(entries.size()) + " entries; at most 100 are allowed");
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto characters = count_code_points(entries[i]);
            if (!characters)
                utf8(indexed("custom_vocabulary", i), entries[i]);
            else if (*characters > most_characters)
                report(errc::invalid_value, indexed("custom_vocabulary", i),
                       "has " + std::to_string(*characters) +
                           " characters; at most 200 are allowed");
        }
    }

    void wav(std::string_view base64)
    {
        if (auto info = inspect_wav_base64(base64); !info)
            report(errc::invalid_audio, "audio_base64", info.error().text);
    }
};

}  // namespace

std::optional<problem> validate_members(const action& a)
{
    checker check;
    std::visit(check, a);
    return std::move(check.found);
}

std::optional<problem> validate(const action& a)
{
    auto why = validate_members(a);
    if (why)
        why->field.insert(0, std::string(type_name(a)) + ".");
    return why;
}

}  // namespace aiflow
