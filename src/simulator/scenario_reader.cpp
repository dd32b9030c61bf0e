#include "simulator/scenario_reader.hpp"

#include "simulator/step_reader.hpp"
#include "text/toml_file.hpp"
#include "text/toml_section.hpp"

#include <algorithm>
#include <array>

namespace aiflow::simulator {

namespace {

constexpr std::array<std::string_view, 8> top_keys{"name", "description", "connections", "speech",
                                                   "sms",  "calls",       "expect",      "linger"};
constexpr std::array<std::string_view, 2> connection_keys{"wait_for", "calls_on"};
constexpr std::array<std::string_view, 3> placement_names{"first", "spread", "own"};
constexpr std::array<std::string_view, 3> speech_keys{"characters_per_second", "assistant_speak",
                                                      "assistant_speech_ended"};
constexpr std::array<std::string_view, 2> sms_keys{"answers", "otherwise"};
constexpr std::array<std::string_view, 8> answer_keys{"answer",  "reason",    "raw",    "after",
                                                      "message", "recipient", "copies", "sends"};
constexpr std::array<std::string_view, 6> answer_names{"accepted",           "smsc_unavailable",
                                                       "sender_not_allowed", "insufficient_balance",
                                                       "no_sms_extension",   "unknown"};
constexpr std::array<std::string_view, 13> call_keys{
    "label",   "count",         "start",    "every",          "from", "to",   "direction",
    "account", "return_within", "transfer", "transfer_after", "sms",  "steps"};
constexpr std::array<std::string_view, 2> direction_names{"inbound", "outbound"};
constexpr std::array<std::string_view, 2> transfer_names{"succeeds", "fails"};
constexpr std::array<std::string_view, 6> expect_keys{
    "calls_finished", "invalid_actions", "late_actions", "sms_frames", "connections", "sms"};
constexpr std::array<std::string_view, 5> expect_sms_keys{"call", "to", "frames", "min", "max"};

constexpr std::int64_t count_limit = 100'000;

std::string numbered(const std::string& path, std::size_t index)
{
    return path + "[" + std::to_string(index + 1) + "]";
}

void read_count(const toml_section& at, std::string_view key, std::optional<std::size_t>& target)
{
    if (const auto value = at.integer(key, 0, count_limit))
        target = static_cast<std::size_t>(*value);
}

sms_answer read_answer(const toml::table& table, const std::string& path, file_problems& problems)
{
    const toml_section at(table, path, answer_keys, problems);
    sms_answer answer;
    const int given = int{at.has("answer")} + int{at.has("reason")} + int{at.has("raw")};
    if (given != 1)
        at.complain({}, "has to give exactly one of `answer`, `reason` and `raw`, but gives " +
                            std::to_string(given));
    if (const auto which = at.choice("answer", answer_names); which && *which > 0)
        answer.reason = answer_names[*which];
    at.read("reason", answer.reason);
    answer.fails = at.has("reason") || !answer.reason.empty();
    at.read("raw", answer.raw);
    if (at.has("raw") && answer.raw.empty())
        at.complain("raw", "is empty; give the message, or `answer = \"accepted\"` for none");
    at.read("after", answer.after);
    at.read("message", answer.message);
    if (at.has("recipient")) {
        std::string recipient;
        at.read("recipient", recipient);
        answer.recipient = recipient;
    }
    if (const auto copies = at.integer("copies", 1, 100))
        answer.copies = static_cast<unsigned>(*copies);
    if (const auto sends = at.integer("sends", 1, count_limit))
        answer.sends = static_cast<unsigned>(*sends);
    return answer;
}

sms_plan read_sms(const toml::table& table, const std::string& path, file_problems& problems)
{
    const toml_section at(table, path, sms_keys, problems);
    sms_plan plan;
    const auto answers = at.tables("answers");
    for (std::size_t i = 0; i < answers.size(); ++i)
        plan.answers.push_back(
            read_answer(*answers[i], numbered(at.path_of("answers"), i), problems));
    if (const toml::table* otherwise = at.table("otherwise"))
        plan.otherwise = read_answer(*otherwise, at.path_of("otherwise"), problems);
    return plan;
}

bool is_number(std::string_view text)
{
    if (text.starts_with('+'))
        text.remove_prefix(1);
    return text.size() >= 7 && text.size() <= 15 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

void read_numbers(const toml_section& at, call_plan& call)
{
    at.read("from", call.from);
    at.read("to", call.to);
    // Anything may come on the wire, "anonymous" for one, but counting up needs digits.
    const std::string_view counted = call.direction == "outbound" ? "to" : "from";
    if (call.count > 1 && !is_number(counted == "to" ? call.to : call.from))
        at.complain(counted, "has to be a phone number of 7 to 15 digits, such as "
                             "\"4915112345678\", since `count` gives each copy the next one");
}

call_plan read_call(const toml::table& table, const std::string& path, file_problems& problems)
{
    const toml_section at(table, path, call_keys, problems);
    call_plan call;
    call.line = at.line();
    at.read("label", call.label);
    if (const auto count = at.integer("count", 1, count_limit))
        call.count = static_cast<unsigned>(*count);
    at.read("start", call.start);
    at.read("every", call.every);
    if (const auto which = at.choice("direction", direction_names))
        call.direction = direction_names[*which];
    read_numbers(at, call);
    at.read("account", call.account);
    at.read("return_within", call.return_within);
    call.transfer_fails = at.choice("transfer", transfer_names).value_or(0) == 1;
    at.read("transfer_after", call.transfer_after);
    if (const toml::table* sms = at.table("sms"))
        call.sms = read_sms(*sms, at.path_of("sms"), problems);
    const auto steps = at.tables("steps");
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (auto s = read_step(*steps[i], numbered(at.path_of("steps"), i), problems))
            call.steps.push_back(std::move(*s));
    }
    return call;
}

sms_expectation read_sms_expectation(const toml::table& table, const std::string& path,
                                     std::size_t calls, file_problems& problems)
{
    const toml_section at(table, path, expect_sms_keys, problems);
    sms_expectation e;
    e.line = at.line();
    if (const auto call =
            at.integer("call", 1, static_cast<std::int64_t>(std::max(calls, std::size_t{1}))))
        e.call = static_cast<std::size_t>(*call);
    e.to = read_recipient(at);
    std::optional<std::size_t> exact;
    std::optional<std::size_t> least;
    std::optional<std::size_t> most;
    read_count(at, "frames", exact);
    read_count(at, "min", least);
    read_count(at, "max", most);
    if (at.has("frames") == (at.has("min") || at.has("max")))
        at.complain({}, "has to give `frames`, or `min` and `max` or one of them");
    e.least = exact.value_or(least.value_or(0));
    e.most = exact.value_or(most.value_or(count_limit));
    if (e.least > e.most)
        at.complain("min", "is greater than `max`");
    return e;
}

void read_expectations(const toml_section& top, scenario& s, file_problems& problems)
{
    const toml::table* table = top.table("expect");
    if (table == nullptr)
        return;
    const toml_section at(*table, "expect", expect_keys, problems);
    read_count(at, "calls_finished", s.expect.calls_finished);
    if (const auto invalid = at.integer("invalid_actions", 0, count_limit))
        s.expect.invalid_actions = static_cast<std::size_t>(*invalid);
    read_count(at, "late_actions", s.expect.late_actions);
    read_count(at, "sms_frames", s.expect.sms_frames);
    read_count(at, "connections", s.expect.connections);
    const auto entries = at.tables("sms");
    for (std::size_t i = 0; i < entries.size(); ++i)
        s.expect.sms.push_back(read_sms_expectation(*entries[i], numbered(at.path_of("sms"), i),
                                                    s.call_count(), problems));
}

void read_connections(const toml_section& top, scenario& s, file_problems& problems)
{
    const toml::table* table = top.table("connections");
    if (table == nullptr)
        return;
    const toml_section at(*table, "connections", connection_keys, problems);
    if (const auto n = at.integer("wait_for", 1, 1'000))
        s.wait_for_connections = static_cast<unsigned>(*n);
    if (const auto which = at.choice("calls_on", placement_names))
        s.calls_on = static_cast<placement>(*which);
}

void read_speech(const toml_section& top, scenario& s, file_problems& problems)
{
    const toml::table* table = top.table("speech");
    if (table == nullptr)
        return;
    const toml_section at(*table, "speech", speech_keys, problems);
    at.read("characters_per_second", s.speech.characters_per_second, 0.1, 1e6);
    at.read("assistant_speak", s.speech.assistant_speak);
    at.read("assistant_speech_ended", s.speech.assistant_speech_ended);
}

scenario read_top(const toml::table& table, file_problems& problems)
{
    const toml_section at(table, {}, top_keys, problems);
    scenario s;
    at.read("name", s.name);
    at.read("description", s.description);
    at.read("linger", s.linger);
    read_connections(at, s, problems);
    read_speech(at, s, problems);
    if (const toml::table* sms = at.table("sms"))
        s.sms = read_sms(*sms, "sms", problems);
    const auto calls = at.tables("calls");
    for (std::size_t i = 0; i < calls.size(); ++i)
        s.calls.push_back(read_call(*calls[i], numbered("calls", i), problems));
    if (calls.empty())
        at.complain("calls",
                    "there is no call; add [[calls]] with steps, such as { say = \"Hello\" }");
    read_expectations(at, s, problems);
    return s;
}

}  // namespace

boost::system::result<scenario, file_problems> read_scenario(std::string_view text,
                                                             const std::string& file)
{
    file_problems problems;
    scenario s;
    if (const auto table = parse_toml(text))
        s = read_top(*table, problems);
    else
        problems = table.error();
    if (problems.empty())
        return s;
    complete(problems, file);
    return problems;
}

boost::system::result<scenario, file_problems> read_scenario_file(const std::string& path)
{
    const auto text = read_text_file(path);
    if (!text)
        return text.error();
    return read_scenario(*text, path);
}

}  // namespace aiflow::simulator
