#include "aiflow/codec.hpp"

#include "protocol/action_names.hpp"
#include "protocol/strict_object.hpp"
#include "protocol/surrogates.hpp"
#include "protocol/tolerant_actions.hpp"
#include "protocol/validate_action.hpp"

#include <boost/json/array.hpp>
#include <boost/json/error.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace aiflow {
namespace {

namespace json = boost::json;

std::optional<barge_in_options> read_interruption(strict_object& from)
{
    auto object = from.object("barge_in");
    if (!object)
        return std::nullopt;
    barge_in_options result;
    result.strategy = object->choice("strategy", strategy_names).value_or(result.strategy);
    result.minimum_characters = object->integer("minimum_characters");
    result.allow_after_ms = object->integer("allow_after_ms");
    object->finish();
    return result;
}

std::optional<vad_options> read_vad(strict_object& from)
{
    auto object = from.object("vad");
    if (!object)
        return std::nullopt;
    const auto silence = object->integer("end_of_turn_silence_ms");
    if (!silence)
        object->report(errc::invalid_value, "end_of_turn_silence_ms",
                       "is missing; it has to be given");
    object->finish();
    return vad_options{silence.value_or(0)};
}

std::optional<tts_options> read_tts(strict_object& from)
{
    auto object = from.object("tts");
    if (!object)
        return std::nullopt;
    std::optional<tts_options> result;
    const auto provider = object->needed_text("provider");
    if (provider == azure_name) {
        azure_voice voice;
        voice.language = object->text("language");
        voice.voice = object->text("voice");
        result = std::move(voice);
    } else if (provider == eleven_labs_name) {
        result = eleven_labs_voice{object->text("voice")};
    } else {
        object->report(errc::invalid_value, "provider", "is none of azure or eleven_labs");
    }
    object->finish();
    return result;
}

// Each reads one type of action; nothing when it cannot even be made. Problems are in the reader.
using read_function = std::optional<action> (*)(strict_object& from);

std::optional<action> read_speak(strict_object& from)
{
    speak a;
    a.text = from.text("text");
    a.ssml = from.text("ssml");
    a.tts = read_tts(from);
    a.barge_in = read_interruption(from);
    a.user_input_timeout_seconds = from.integer("user_input_timeout_seconds");
    a.vad = read_vad(from);
    return a;
}

std::optional<action> read_audio(strict_object& from)
{
    audio a;
    a.audio_base64 = from.needed_text("audio");
    a.barge_in = read_interruption(from);
    return a;
}

std::optional<action> read_mix_audio(strict_object& from)
{
    mix_audio a;
    a.audio_base64 = from.text("audio");
    a.volume = from.number("volume");
    a.stop = from.boolean("stop");
    return a;
}

std::optional<action> read_hangup(strict_object&)
{
    return hangup{};
}

std::optional<action> read_transfer(strict_object& from)
{
    auto target = from.needed_phone_number("target_phone_number");
    auto name = from.needed_text("caller_id_name");
    auto number = from.needed_text("caller_id_number");
    const auto timeout = from.integer("timeout");
    if (!target)
        return std::nullopt;
    return transfer{*std::move(target), std::move(name), std::move(number), timeout};
}

std::optional<action> read_barge_in(strict_object&)
{
    return barge_in{};
}

std::optional<action> read_configure_transcription(strict_object& from)
{
    configure_transcription a;
    a.provider = from.choice("provider", stt_provider_names);
    if (auto languages = from.texts("languages")) {
        if (languages->empty())
            from.report(errc::invalid_value, "languages", "is empty; give 1 to 4, or leave it out");
        a.languages = *std::move(languages);
    }
    a.custom_vocabulary = from.texts("custom_vocabulary");
    a.vad = read_vad(from);
    return a;
}

std::optional<action> read_configure_voice_to_voice(strict_object& from)
{
    configure_voice_to_voice a;
    a.system_prompt = from.needed_text("system_prompt");
    a.greeting = from.text("greeting");
    a.temperature = from.number("temperature");
    a.language = from.text("language");
    return a;
}

std::optional<action> read_send_sms(strict_object& from)
{
    auto number = from.needed_phone_number("phone_number");
    auto message = from.needed_text("message");
    if (!number)
        return std::nullopt;
    return send_sms{*std::move(number), std::move(message)};
}

constexpr name_table<read_function, 9> readers{{
    {"speak", read_speak},
    {"audio", read_audio},
    {"mix_audio", read_mix_audio},
    {"hangup", read_hangup},
    {"transfer", read_transfer},
    {"barge_in", read_barge_in},
    {"configure_transcription", read_configure_transcription},
    {"configure_voice_to_voice", read_configure_voice_to_voice},
    {"send_sms", read_send_sms},
}};

// `validate` speaks of the members of the structs, two of which have other names on the wire.
std::string wire_name(const std::string& member)
{
    if (member == "audio_base64")
        return "audio";
    if (member == "timeout_seconds")
        return "timeout";
    return member;
}

// `session_id` is taken when the action names none; empty: it has to.
std::optional<addressed_action> read_action(const json::value& value, std::string place,
                                            std::string_view session_id, read_problems& problems)
{
    const auto* object = value.if_object();
    if (object == nullptr) {
        problems.found =
            problem{errc::not_an_object, std::move(place), "is no object; give an action"};
        return std::nullopt;
    }
    strict_object from(*object, std::move(place), problems);
    const auto* type = object->if_contains("type");
    if (type == nullptr || !type->is_string()) {
        from.report(errc::no_type, "type", "is missing or no string; give the type of an action");
        return std::nullopt;
    }
    const auto read = value_in(readers, from.text("type"));
    if (!read) {
        from.report(errc::invalid_value, "type", "is none of " + choices(readers));
        return std::nullopt;
    }
    std::string addressee(session_id);
    if (addressee.empty() || from.has("session_id"))
        addressee = from.needed_text("session_id");
    if (addressee.empty())
        from.report(errc::invalid_value, "session_id", "is empty; give the id of a session");
    auto result = (*read)(from);
    from.finish();
    if (problems.found || !result)
        return std::nullopt;
    if (auto why = validate_members(*result)) {
        from.report(static_cast<errc>(why->code.value()), wire_name(why->field), why->text);
        return std::nullopt;
    }
    return addressed_action{std::move(addressee), *std::move(result)};
}

bool is_sms(const json::value& action)
{
    const auto* object = action.if_object();
    const auto* type = object != nullptr ? object->if_contains("type") : nullptr;
    return type != nullptr && type->is_string() && type->get_string() == "send_sms";
}

checked<json::value> read_json(std::string_view text)
{
    json::error_code ec;
    auto value = json::parse(text, ec);
    if (const auto repaired = ec ? without_lone_surrogates(text) : std::nullopt)
        value = json::parse(*repaired, ec);
    if (ec == json::error::too_deep)
        return problem{errc::too_deep, "", "is nested deeper than 32 levels; an action needs 3"};
    if (ec)
        return problem{errc::not_json, "",
                       "is not JSON in UTF-8; give an action or an array of them"};
    return value;
}

// Calls `take(value, place)` for the action or for each of the array, until it returns false.
template <class Take>
void for_each_action(const json::value& value, Take take)
{
    const auto* array = value.if_array();
    if (array == nullptr) {
        take(value, std::string());
        return;
    }
    std::size_t i = 0;
    for (const auto& one : *array) {
        if (!take(one, "[" + std::to_string(i++) + "]"))
            return;
    }
}

}  // namespace

checked<std::vector<addressed_action>> decode_actions(std::string_view text)
{
    const auto value = read_json(text);
    if (!value)
        return value.error();
    read_problems problems;
    std::vector<addressed_action> result;
    for_each_action(*value, [&](const json::value& one, std::string place) {
        if (auto a = read_action(one, std::move(place), {}, problems))
            result.push_back(*std::move(a));
        return !problems.found;
    });
    if (problems.found)
        return *std::move(problems.found);
    return result;
}

tolerant_actions decode_actions_of(std::string_view session_id, std::string_view text)
{
    tolerant_actions result;
    const auto value = read_json(text);
    if (!value) {
        result.problems.push_back(value.error());
        return result;
    }
    for_each_action(*value, [&](const json::value& one, const std::string& place) {
        read_problems problems;
        problems.tolerant = true;
        auto a = read_action(one, place, session_id, problems);
        if (problems.found && is_sms(one))
            result.refused_sms.push_back(*problems.found);
        if (a && a->session_id != session_id) {
            problems.found =
                problem{errc::invalid_value, place.empty() ? "session_id" : place + ".session_id",
                        "is not that of the event; give back session.id"};
            a.reset();
        }
        if (a)
            result.actions.push_back(std::move(a->action));
        if (problems.found)
            result.problems.push_back(*std::move(problems.found));
        if (problems.ignored && !result.ignored)
            result.ignored = std::move(problems.ignored);
        return true;
    });
    return result;
}

}  // namespace aiflow
