// Files that people write: scenarios, the configuration, rules, and the templates in them. What is
// accepted can be used; what is not is refused with problems that can be shown.
//
// Input: a line that begins with what it is (see below), then the text.
#include "aiflow/codec.hpp"
#include "daemon/config_keys.hpp"
#include "daemon/config_reader.hpp"
#include "daemon/config_text.hpp"
#include "daemon/rule_reader.hpp"
#include "daemon/rule_set.hpp"
#include "fuzz_input.hpp"
#include "protocol/utf8.hpp"
#include "simulator/scenario_reader.hpp"

#include <algorithm>
#include <array>

using namespace aiflow;
using aiflow::test::fuzz_input;
using aiflow::test::require;

namespace {

void check_problems(const file_problems& problems)
{
    require(!problems.empty(), "what is refused has a problem");
    for (const auto& p : problems) {
        require(!p.text.empty() && !p.file.empty(), "a problem says where and what");
        const auto shown = to_string(p);
        require(
            std::none_of(shown.begin(), shown.end(),
                         [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; }),
            "S20: a problem holds no control characters", shown);
    }
}

void fuzz_scenario(std::string_view text)
{
    const auto read = simulator::read_scenario(text, "call.toml");
    if (!read)
        return check_problems(read.error());
    require(!read->calls.empty() && read->call_count() >= read->calls.size(), "a play has a call");
    for (const auto& call : read->calls)
        require(call.start.count() >= 0 && call.every.count() >= 0, "time does not run backwards");
}

// The value of a key, but for what is not printed of a URL.
std::string without_query(const config_key& key, const daemon_config& config)
{
    std::string text = value_text(key, config);
    return key.kind == key_kind::url ? text.substr(0, text.find('?')) : text;
}

void fuzz_config(std::string_view text)
{
    const std::string name = "/etc/aiflowd/aiflowd.toml";
    const auto read = read_config(text, name);
    if (!read)
        return check_problems(read.error());
    const auto effective = effective_config(*read);
    const auto again = read_config(effective, name);
    require(again.has_value(), "what is printed as effective is a configuration",
            again ? std::string() : to_string(again.error().front()));
    for (const auto& key : config_keys())
        require(without_query(key, *again) == without_query(key, *read), "and means the same",
                key.name);
    require(effective_config(*again) == effective, "and is printed as the same");
}

incoming_event event_of(event e, std::string_view from)
{
    incoming_event in;
    in.session = {"abc",     "account",         "4921155501234",
                  "inbound", std::string(from), "+4921155501234"};
    in.event = std::move(e);
    return in;
}

// The words of a caller, put into every kind of event.
void use(const rule_set& rules, std::string_view words)
{
    const std::string text(words);
    for (const auto* from : {"+4915112345678", "anonymous"}) {
        const std::array<event, 8> events{session_start{},
                                          user_speak{text, true},
                                          user_barge_in{text},
                                          dtmf_received{"1"},
                                          assistant_speak{text, {}, 5, 6},
                                          assistant_speech_ended{},
                                          user_input_timeout{},
                                          sms_failed{from, "smsc_unavailable", text}};
        rule_counts counts;
        for (const auto& e : events) {
            const auto chosen = rules.choose(event_of(e, from), counts);
            if (!chosen)
                continue;
            auto actions = chosen->actions;
            if (chosen->after_speech)
                actions.push_back(*chosen->after_speech);
            for (const auto& planned : actions) {
                require(!validate(planned.frame), "a rule makes valid actions only");
                std::string written;
                encode(written, "abc", planned.frame);
                require(decode_actions(written).has_value(), "and they can be read", written);
            }
        }
    }
}

void fuzz_rules(std::string_view text)
{
    // Another input is what the caller says.
    const auto words = text.substr(std::min(text.rfind('#'), text.size()));
    auto read = read_rules(text, "/nonexistent/rules.toml");
    if (!read)
        return check_problems(read.error());
    const rule_set rules(std::move(read->rules));
    if (count_code_points(words))
        use(rules, words);
}

void fuzz_template(std::string_view text, std::string_view value)
{
    const std::vector<std::string> events{"user_speak"};
    std::vector<std::string> complaints;
    const auto t = rule_template::parse(text, {events, true, 2}, complaints);
    session_info call{"<id>", "&", "\"", "'", "<", ">"};
    placeholder_values empty;
    session_info nobody;
    empty.session = &nobody;
    placeholder_values full;
    full.session = &call;
    full.text = value;
    full.caller = "4915112345678";
    full.groups = {value, value, value};
    const auto marks = [](const std::string& s) {
        return std::count_if(s.begin(), s.end(), [](char c) {
            return std::string_view("<>\"'").find(c) != std::string_view::npos;
        });
    };
    require(marks(t.expand(full, value_form::xml)) == marks(t.expand(empty)),
            "S29: no value can be markup");
    require(!t.constant() || t.expand(full) == t.expand(empty), "what is constant stays so");
    require(!complaints.empty() || text.find('{') != std::string_view::npos ||
                t.expand(full) == text,
            "what has no placeholder stays as it is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz_input in(data, size);
    const auto kind = in.line();
    switch (kind.empty() ? '\0' : kind.front()) {
    case 's':
        fuzz_scenario(in.rest());
        break;
    case 'c':
        fuzz_config(in.rest());
        break;
    case 'r':
        fuzz_rules(in.rest());
        break;
    case 't':
        fuzz_template(in.rest(), kind.substr(1));
        break;
    default:
        break;
    }
    return 0;
}
