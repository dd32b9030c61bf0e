#include "daemon/rule_action_reader.hpp"

#include "daemon/check_action.hpp"
#include "daemon/plan_action.hpp"
#include "daemon/rule_audio.hpp"
#include "daemon/rule_values.hpp"

#include "aiflow/log.hpp"

#include <algorithm>
#include <array>

namespace aiflow {

namespace {

using known_keys = std::span<const std::string_view>;
using found_action = std::optional<rule_action>;

found_action fixed(action frame, std::chrono::milliseconds plays_for = {})
{
    found_action found(std::in_place, std::in_place_type<fixed_action>);
    auto& a = std::get<fixed_action>(*found);
    a.frame = std::move(frame);
    a.plays_for = plays_for;
    return found;
}

constexpr std::array<std::string_view, 2> voice_providers{"azure", "eleven_labs"};
constexpr std::array<std::string_view, 4> strategies{"none", "manual", "minimum_characters",
                                                     "immediate"};
constexpr std::array<std::string_view, 3> strategy_keys{"strategy", "minimum_characters",
                                                        "allow_after"};
constexpr std::array<std::string_view, 3> recognisers{"azure", "deepgram", "eleven_labs"};
constexpr std::array<std::string_view, 4> recognition_keys{
    "provider", "languages", "custom_vocabulary", "end_of_turn_silence"};
constexpr std::array<std::string_view, 4> model_keys{"system_prompt", "greeting", "temperature",
                                                     "language"};
constexpr std::array<std::string_view, 2> moments{"now", "after_speech"};

/// One table of `do`, while it is read.
struct reading {
    const toml_section& at;
    const toml::table& table;
    action_context& context;

    rule_template text(const toml_section& in, std::string_view key) const
    {
        std::string value;
        in.read(key, value);
        std::vector<std::string> complaints;
        auto t = rule_template::parse(value, context.scope, complaints);
        for (std::string& c : complaints)
            in.complain(key, std::move(c));
        return t;
    }
    rule_template text(std::string_view key) const { return text(at, key); }

    std::optional<rule_template> optional_text(std::string_view key) const
    {
        return at.has(key) ? std::optional(text(key)) : std::nullopt;
    }

    // An action without a value of its own is written as `key = true`.
    void require_true(std::string_view key) const
    {
        bool value = true;
        at.read(key, value);
        if (!value)
            at.complain(key, "is false; leave the action out instead");
    }
};

std::optional<vad_options> read_silence(const toml_section& in)
{
    using namespace std::chrono_literals;
    const auto silence = read_time(in, "end_of_turn_silence", 150ms, 2s);
    if (!silence)
        return std::nullopt;
    return vad_options{static_cast<int>(silence->count())};
}

std::optional<barge_in_options> read_barge_in(const reading& r)
{
    using namespace std::chrono_literals;
    const toml::node* node = r.table.get("barge_in");
    if (node == nullptr)
        return std::nullopt;
    barge_in_options o;
    const toml::table* inner = node->as_table();
    if (inner == nullptr) {
        if (const auto which = r.at.choice("barge_in", strategies))
            o.strategy = static_cast<barge_in_strategy>(*which);
        return o;
    }
    const toml_section in(*inner, r.at.path_of("barge_in"), strategy_keys, r.context.problems);
    if (const auto which = in.choice("strategy", strategies))
        o.strategy = static_cast<barge_in_strategy>(*which);
    if (const auto n = in.integer("minimum_characters", 1, 100))
        o.minimum_characters = static_cast<int>(*n);
    if (const auto time = read_time(in, "allow_after", 0ms, 10s))
        o.allow_after_ms = static_cast<int>(time->count());
    return o;
}

std::optional<tts_options> read_voice(const reading& r)
{
    if (!r.at.has("provider") && !r.at.has("language") && !r.at.has("voice"))
        return std::nullopt;
    std::string language;
    std::string voice;
    r.at.read("language", language);
    r.at.read("voice", voice);
    if (r.at.choice("provider", voice_providers).value_or(0) == 0)
        return azure_voice{std::move(language), std::move(voice)};
    if (r.at.has("language"))
        r.at.complain("language", "belongs to voices of `azure`; leave it out");
    return eleven_labs_voice{std::move(voice)};
}

found_action read_words(const reading& r, std::string_view key, bool ssml)
{
    using namespace std::chrono_literals;
    say_action a;
    a.ssml = ssml;
    a.words = r.text(key);
    a.frame.tts = read_voice(r);
    a.frame.barge_in = read_barge_in(r);
    if (const auto time = read_seconds(r.at, "user_input_timeout", 1s, 3600s))
        a.frame.user_input_timeout_seconds = *time;
    a.frame.vad = read_silence(r.at);
    return a;
}

found_action read_say(const reading& r)
{
    return read_words(r, "say", false);
}

found_action read_say_ssml(const reading& r)
{
    return read_words(r, "say_ssml", true);
}

found_action read_sms(const reading& r)
{
    sms_action a;
    a.message = r.text("send_sms");
    if (r.at.has("to")) {
        a.to = r.text("to");
    } else {
        std::vector<std::string> none;
        a.to = rule_template::parse("{caller}", r.context.scope, none);
    }
    return a;
}

found_action read_transfer(const reading& r)
{
    using namespace std::chrono_literals;
    r.context.ends = true;
    transfer_action a;
    a.target = r.text("transfer");
    a.caller_id_name = r.optional_text("caller_id_name");
    a.caller_id_number = r.optional_text("caller_id_number");
    a.timeout_seconds = read_seconds(r.at, "timeout", 5s, 120s);
    r.context.after_speech = r.at.choice("when", moments) == std::size_t{1};
    return a;
}

found_action read_hang_up(const reading& r)
{
    r.context.ends = true;
    r.context.after_speech = r.at.choice("hang_up", moments) == std::size_t{1};
    return fixed(hangup{});
}

found_action read_play(const reading& r)
{
    const auto file = read_audio(r.at, r.table, "play", r.context.directory, r.context.advice);
    if (!file)
        return std::nullopt;
    return fixed(audio{file->base64, read_barge_in(r)}, longest_playing(file->duration));
}

found_action read_background(const reading& r)
{
    std::optional<double> volume;
    if (r.at.has("volume"))
        r.at.read("volume", volume.emplace(), 0.0, 1.0);
    const auto file =
        read_audio(r.at, r.table, "play_background", r.context.directory, r.context.advice);
    if (!file)
        return std::nullopt;
    return fixed(mix_audio{file->base64, volume});
}

found_action read_stop_background(const reading& r)
{
    r.require_true("stop_background");
    return fixed(mix_audio{.stop = true});
}

found_action read_stop_speech(const reading& r)
{
    r.require_true("stop_speech");
    return fixed(barge_in{});
}

found_action read_transcription(const reading& r)
{
    const toml::table* inner = r.at.table("configure_transcription");
    if (inner == nullptr)
        return std::nullopt;
    const toml_section in(*inner, r.at.path_of("configure_transcription"), recognition_keys,
                          r.context.problems);
    configure_transcription a;
    if (const auto which = in.choice("provider", recognisers))
        a.provider = static_cast<stt_provider>(*which);
    a.languages = read_texts(in, *inner, "languages");
    if (in.has("custom_vocabulary"))
        a.custom_vocabulary = read_texts(in, *inner, "custom_vocabulary");
    a.vad = read_silence(in);
    if (!in.has("languages"))
        in.complain({}, "has no `languages`, and AI Flow would go back to guessing them; name "
                        "them, such as `languages = [\"de-DE\"]`");
    return fixed(std::move(a));
}

found_action read_model(const reading& r)
{
    const toml::table* inner = r.at.table("configure_voice_to_voice");
    if (inner == nullptr)
        return std::nullopt;
    const toml_section in(*inner, r.at.path_of("configure_voice_to_voice"), model_keys,
                          r.context.problems);
    model_action a;
    a.system_prompt = r.text(in, "system_prompt");
    a.greeting = r.text(in, "greeting");
    if (in.has("temperature"))
        in.read("temperature", a.frame.temperature.emplace(), 0.0, 2.0);
    in.read("language", a.frame.language);
    return a;
}

struct action_kind {
    std::string_view key;
    found_action (*read)(const reading& r);
    std::array<std::string_view, 8> keys;  // its own and its options
};

constexpr std::array<action_kind, 11> action_kinds{{
    {"say",
     read_say,
     {"say", "barge_in", "user_input_timeout", "end_of_turn_silence", "provider", "language",
      "voice"}},
    {"say_ssml",
     read_say_ssml,
     {"say_ssml", "barge_in", "user_input_timeout", "end_of_turn_silence", "provider", "language",
      "voice"}},
    {"send_sms", read_sms, {"send_sms", "to"}},
    {"play", read_play, {"play", "barge_in"}},
    {"play_background", read_background, {"play_background", "volume"}},
    {"stop_background", read_stop_background, {"stop_background"}},
    {"stop_speech", read_stop_speech, {"stop_speech"}},
    {"transfer",
     read_transfer,
     {"transfer", "caller_id_name", "caller_id_number", "timeout", "when"}},
    {"hang_up", read_hang_up, {"hang_up"}},
    {"configure_transcription", read_transcription, {"configure_transcription"}},
    {"configure_voice_to_voice", read_model, {"configure_voice_to_voice"}},
}};

// For those who have read AI Flow's pages.
constexpr std::array<std::array<std::string_view, 2>, 5> names_of_the_service{
    {{"speak", "say"},
     {"audio", "play"},
     {"mix_audio", "play_background"},
     {"hangup", "hang_up"},
     {"barge_in", "stop_speech"}}};

const action_kind* kind_of(const toml::table& table, const std::string& path,
                           file_problems& problems)
{
    const action_kind* found = nullptr;
    std::vector<std::string_view> known;
    for (const action_kind& k : action_kinds) {
        known.push_back(k.key);
        if (!table.contains(k.key))
            continue;
        if (found != nullptr) {
            problems.push_back({{},
                                table.source().begin.line,
                                path,
                                "names two actions, `" + std::string(found->key) + "` and `" +
                                    std::string(k.key) + "`; give each one a table of its own"});
            return nullptr;
        }
        found = &k;
    }
    if (found != nullptr)
        return found;
    std::string text = "names no action; an action is one of " + list_of(known);
    for (const auto& entry : table) {
        const std::string_view key = entry.first.str();  // Clang 14 captures no structured binding
        const auto foreign = std::find_if(names_of_the_service.begin(), names_of_the_service.end(),
                                          [&](const auto& each) { return each[0] == key; });
        if (foreign != names_of_the_service.end())
            text = "`" + std::string((*foreign)[0]) + "` is AI Flow's name for it; write `" +
                   std::string((*foreign)[1]) + "`";
        else if (const auto near = nearest(key, known))
            text = "`" + printable(key, 60) + "` is no action; did you mean `" +
                   std::string(*near) + "`?";
    }
    problems.push_back({{}, table.source().begin.line, path, std::move(text)});
    return nullptr;
}

}  // namespace

void read_rule_action(const toml::table& table, const std::string& path, action_context& context,
                      rule& r)
{
    const action_kind* kind = kind_of(table, path, context.problems);
    if (kind == nullptr)
        return;
    const auto known_end = std::find(kind->keys.begin(), kind->keys.end(), std::string_view{});
    const toml_section at(table, path, known_keys(kind->keys.begin(), known_end), context.problems);
    const std::size_t problems_before = context.problems.size();
    auto found = kind->read({at, table, context});
    if (!found)
        return;
    // What could not be read has been complained of, and would be once more.
    if (context.problems.size() == problems_before) {
        if (const auto wrong = check_action(*found))
            at.complain(wrong->field, wrong->text);
    }
    if (context.after_speech)
        r.after_speech = std::move(*found);
    else
        r.actions.push_back(std::move(*found));
}

}  // namespace aiflow
