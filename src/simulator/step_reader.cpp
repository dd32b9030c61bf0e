#include "simulator/step_reader.hpp"

#include "aiflow/log.hpp"
#include "aiflow/phone_number.hpp"

#include <algorithm>
#include <array>

namespace aiflow::simulator {

namespace {

using words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 9> action_names{"speak",
                                                       "audio",
                                                       "mix_audio",
                                                       "hangup",
                                                       "transfer",
                                                       "barge_in",
                                                       "configure_transcription",
                                                       "configure_voice_to_voice",
                                                       "send_sms"};

constexpr std::array<std::string_view, 4> cut_names{"close", "reset", "silence", "half_close"};

bool may_be_sent(std::int64_t close_code)
{
    return (close_code >= 1000 && close_code <= 1003) ||
           (close_code >= 1007 && close_code <= 1014) || (close_code >= 3000 && close_code <= 4999);
}

std::string required_text(const toml_section& at, std::string_view key, std::string_view why)
{
    std::string text;
    at.read(key, text);
    if (text.empty() && at.has(key))
        at.complain(key, "is empty; " + std::string(why));
    return text;
}

// A step without a value of its own is written as `key = true`.
void require_true(const toml_section& at, std::string_view key)
{
    bool value = true;
    at.read(key, value);
    if (!value)
        at.complain(key, "is false; leave the step out instead");
}

step_action read_say(const toml_section& at)
{
    say_step s;
    at.read("say", s.text);  // an empty transcript is a real case
    at.read("barged_in", s.barged_in);
    return s;
}

step_action read_press(const toml_section& at)
{
    press_step s{required_text(at, "press", "give the keys, such as \"1\" or \"42#\"")};
    if (s.keys.find_first_not_of("0123456789*#ABCD") != std::string::npos)
        at.complain("press",
                    "holds something that is no key; keys are 0 to 9, * and # (and A to D)");
    return s;
}

step_action read_speech_started(const toml_section& at)
{
    require_true(at, "speech_started");
    return speech_started_step{};
}

step_action read_timeout(const toml_section& at)
{
    require_true(at, "timeout");
    return timeout_step{};
}

step_action read_raw(const toml_section& at)
{
    raw_step s;
    at.read("raw", s.text);
    return s;
}

step_action read_wait(const toml_section& at)
{
    wait_step s;
    at.read("wait", s.time);
    return s;
}

step_action read_expectation(const toml_section& at, std::string_view key, bool none)
{
    expect_step s;
    s.none = none;
    if (const auto which = at.choice(key, action_names))
        s.type = action_names[*which];
    at.read("text", s.text);
    s.to = read_recipient(at);
    at.read("within", s.within);
    if (!s.to.empty() && s.type != "send_sms" && s.type != "transfer" && !s.type.empty())
        at.complain("to", "belongs to `send_sms` and `transfer`; a `" + s.type +
                              "` goes to nobody but the caller");
    if (!s.text.empty() && s.type != "send_sms" && s.type != "speak" && !s.type.empty())
        at.complain("text", "belongs to `speak` and `send_sms`; a `" + s.type + "` has no text");
    return s;
}

step_action read_expect(const toml_section& at)
{
    return read_expectation(at, "expect", false);
}

step_action read_expect_no(const toml_section& at)
{
    return read_expectation(at, "expect_no", true);
}

step_action read_hang_up(const toml_section& at)
{
    require_true(at, "hang_up");
    hang_up_step s;
    at.read("reason", s.reason);
    return s;
}

step_action read_cut(const toml_section& at)
{
    cut_step s;
    if (const auto which = at.choice("cut", cut_names))
        s.kind = static_cast<cut_kind>(*which);
    if (const auto code = at.integer("code", 1000, 4999)) {
        s.code = static_cast<std::uint16_t>(*code);
        if (!may_be_sent(*code))
            at.complain("code", "is " + std::to_string(*code) +
                                    ", which no close frame may carry; use 1000 to 1003, 1007 to "
                                    "1014 or 3000 to 4999");
    }
    at.read("reason", s.reason);
    if (s.reason.size() > 123)
        at.complain("reason", "is longer than the 123 bytes that fit into a close frame");
    at.read("for", s.time);
    if (s.kind != cut_kind::close && (at.has("code") || at.has("reason")))
        at.complain(at.has("code") ? "code" : "reason", "belongs to `cut = \"close\"` only");
    if (s.kind != cut_kind::silence && at.has("for"))
        at.complain("for", "belongs to `cut = \"silence\"` only");
    return s;
}

step_action read_resume(const toml_section& at)
{
    require_true(at, "resume");
    return resume_step{};
}

struct step_kind {
    std::string_view key;
    step_action (*read)(const toml_section& at);
    std::array<std::string_view, 4> keys;  // its own and its options
};

constexpr std::array<step_kind, 11> step_kinds{{
    {"say", read_say, {"say", "barged_in"}},
    {"press", read_press, {"press"}},
    {"speech_started", read_speech_started, {"speech_started"}},
    {"timeout", read_timeout, {"timeout"}},
    {"raw", read_raw, {"raw"}},
    {"wait", read_wait, {"wait"}},
    {"expect", read_expect, {"expect", "text", "to", "within"}},
    {"expect_no", read_expect_no, {"expect_no", "text", "to", "within"}},
    {"hang_up", read_hang_up, {"hang_up", "reason"}},
    {"cut", read_cut, {"cut", "code", "reason", "for"}},
    {"resume", read_resume, {"resume"}},
}};

std::vector<std::string_view> step_keys()
{
    std::vector<std::string_view> keys;
    keys.reserve(step_kinds.size());
    for (const step_kind& k : step_kinds)
        keys.push_back(k.key);
    return keys;
}

void complain_of_no_step(const toml::table& table, const std::string& path, file_problems& problems)
{
    const auto known = step_keys();
    std::string text = "names no step; a step is one of " + list_of(known);
    for (const auto& [key, value] : table) {
        if (const auto near = nearest(key.str(), known))
            text = "`" + printable(key.str(), 60) + "` is no step; did you mean `" +
                   std::string(*near) + "`?";
    }
    problems.push_back({{}, table.source().begin.line, path, std::move(text)});
}

}  // namespace

std::optional<scenario_step> read_step(const toml::table& table, const std::string& path,
                                       file_problems& problems)
{
    const step_kind* found = nullptr;
    for (const step_kind& k : step_kinds) {
        if (!table.contains(k.key))
            continue;
        if (found != nullptr) {
            problems.push_back({{},
                                table.source().begin.line,
                                path,
                                "names two steps, `" + std::string(found->key) + "` and `" +
                                    std::string(k.key) + "`; give each one a table of its own"});
            return std::nullopt;
        }
        found = &k;
    }
    if (found == nullptr) {
        complain_of_no_step(table, path, problems);
        return std::nullopt;
    }
    const auto known_end = std::find(found->keys.begin(), found->keys.end(), std::string_view{});
    const toml_section at(table, path, words(found->keys.begin(), known_end), problems);
    return scenario_step{found->read(at), at.line()};
}

std::string read_recipient(const toml_section& at)
{
    std::string to;
    at.read("to", to);
    if (to.empty() || to == "caller")
        return to;
    const auto parsed = phone_number::parse(comparable_digits(to));
    if (parsed)
        return to;
    at.complain("to", "is neither `caller` nor a number: it " + parsed.error().text);
    return {};
}

}  // namespace aiflow::simulator
