#include "daemon/rule_reader.hpp"

#include "daemon/rule_action_reader.hpp"
#include "daemon/rule_events.hpp"
#include "daemon/rule_values.hpp"
#include "text/toml_file.hpp"

#include "aiflow/log.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace aiflow {

namespace {

constexpr std::array<std::string_view, 1> rule_file_keys{"rule"};
constexpr std::array<std::string_view, 11> rule_keys{"on",        "text",    "digit",    "reason",
                                                     "direction", "called",  "withheld", "resumed",
                                                     "barged_in", "at_most", "do"};
constexpr std::array<std::string_view, 2> direction_names{"inbound", "outbound"};
constexpr std::array<std::string_view, 5> reason_names{"smsc_unavailable", "sender_not_allowed",
                                                       "insufficient_balance", "no_sms_extension",
                                                       "unknown"};
// Names that are not known are far more often misspelt than newer than this program.
constexpr std::string_view other_prefix = "other:";
constexpr std::string_view keys_of_a_phone = "0123456789*#ABCD";
constexpr std::int64_t most_times = 1000;

std::string in_ticks(std::string_view name)
{
    return "`" + printable(name, 60) + "`";
}

/// One `[[rule]]`, while it is read.
struct rule_reading {
    const toml_section& at;
    const toml::table& table;
    rule& r;

    // A name of `known`, or any other one behind "other:".
    std::optional<std::string> known_name(std::string_view key, const std::string& name,
                                          std::string_view what,
                                          std::span<const std::string_view> known) const
    {
        if (std::find(known.begin(), known.end(), name) != known.end())
            return name;
        if (name.starts_with(other_prefix) && name.size() > other_prefix.size())
            return name.substr(other_prefix.size());
        std::string text = in_ticks(name) + " is no " + std::string(what) + " that is known; ";
        if (const auto near = nearest(name, known))
            text += "did you mean " + in_ticks(*near) + "?";
        else
            text += "known are " + list_of(known) + "; a newer one is written \"other:NAME\"";
        at.complain(key, std::move(text));
        return std::nullopt;
    }

    void events() const
    {
        if (!at.has("on"))
            return at.complain({}, "has no `on`; name the event, or events, that it answers");
        for (const std::string& name : read_texts(at, table, "on")) {
            if (name == "session_end")
                at.complain("on", "`session_end` cannot be answered, since the call is over; act "
                                  "before, for instance when the caller says goodbye");
            else if (name == "user_speech_started")
                at.complain("on", "`user_speech_started` cannot be answered; use `user_speak`, "
                                  "which comes when the caller has finished");
            else if (auto type = known_name("on", name, "event", rule_event_names()))
                r.on.push_back(std::move(*type));
        }
    }

    // Whether all events of the rule have what a criterion looks at.
    bool belongs(std::string_view key, event_value v) const
    {
        if (!at.has(key))
            return false;
        for (const std::string& type : r.on) {
            if (!has_value(type, v)) {
                at.complain(key, "belongs to " + events_with(v) + "; " + in_ticks(type) +
                                     " has none, so write a rule of its own for it");
                return false;
            }
        }
        return true;
    }

    void flag(std::string_view key, std::optional<bool>& target) const
    {
        bool value = false;
        at.read(key, value);
        if (table.get(key)->is_boolean())
            target = value;
    }

    void text() const
    {
        if (!belongs("text", event_value::text))
            return;
        std::string pattern;
        at.read("text", pattern);
        if (!table.get("text")->is_string())
            return;
        auto compiled = text_pattern::compile(pattern);
        if (compiled)
            r.text = std::move(*compiled);
        else
            at.complain("text", compiled.error().text);
    }

    void digits() const
    {
        if (!belongs("digit", event_value::digit))
            return;
        r.digits = read_texts(at, table, "digit");
        for (const std::string& d : r.digits) {
            if (d.size() != 1 || keys_of_a_phone.find(d[0]) == std::string_view::npos)
                at.complain("digit", in_ticks(d) + " is not one key; keys are 0 to 9, * and # "
                                                   "(and A to D), and each press is an event");
        }
    }

    void reasons() const
    {
        if (!belongs("reason", event_value::sms))
            return;
        for (const std::string& name : read_texts(at, table, "reason")) {
            if (auto reason = known_name("reason", name, "reason", reason_names))
                r.reasons.push_back(std::move(*reason));
        }
    }

    void of_the_call() const
    {
        if (const auto which = at.choice("direction", direction_names))
            r.direction = *which == 0 ? call_direction::inbound : call_direction::outbound;
        for (const std::string& number : read_texts(at, table, "called")) {
            if (const auto parsed = phone_number::parse(number))
                r.called.push_back(parsed->digits());
            else
                at.complain("called", parsed.error().text);
        }
        if (at.has("withheld"))
            flag("withheld", r.withheld);
        if (const auto times = at.integer("at_most", 1, most_times))
            r.at_most = static_cast<unsigned>(*times);
    }

    void actions(const std::string& directory, file_problems& problems, file_problems& advice) const
    {
        if (!at.has("do"))
            return at.complain({}, "has no `do`; give its actions, or `do = []` for none");
        action_context context{
            {r.on, r.text.has_value(), r.text ? r.text->groups() : 0}, directory, problems, advice};
        const auto tables = at.tables("do");
        for (std::size_t i = 0; i < tables.size(); ++i) {
            const std::string path = at.path_of("do") + "[" + std::to_string(i + 1) + "]";
            read_rule_action(*tables[i], path, context, r);
            if (context.ends && i + 1 < tables.size()) {
                problems.push_back({{},
                                    tables[i]->source().begin.line,
                                    path,
                                    "has to be the last action: it ends what can be done in the "
                                    "call; put the others before it"});
                break;
            }
        }
    }
};

rule read_rule(const toml::table& table, const std::string& path, const std::string& directory,
               file_problems& problems, file_problems& advice)
{
    rule r;
    r.line = table.source().begin.line;
    const toml_section at(table, path, rule_keys, problems);
    const rule_reading reading{at, table, r};
    reading.events();
    reading.text();
    reading.digits();
    reading.reasons();
    reading.of_the_call();
    if (reading.belongs("resumed", event_value::resumed))
        reading.flag("resumed", r.resumed);
    if (reading.belongs("barged_in", event_value::barged_in))
        reading.flag("barged_in", r.barged_in);
    reading.actions(directory, problems, advice);
    return r;
}

bool takes_everything(const rule& r)
{
    return !r.text && r.digits.empty() && r.reasons.empty() && r.called.empty() && !r.direction &&
           !r.withheld && !r.resumed && !r.barged_in && !r.at_most;
}

// A rule behind one that takes all of its events is never carried out, and that is never meant.
void find_unreachable(const std::vector<rule>& rules, file_problems& problems)
{
    std::vector<std::pair<std::string, std::size_t>> taken;  // events, and the lines of their rules
    for (std::size_t i = 0; i < rules.size(); ++i) {
        std::optional<std::size_t> by;
        const auto is_taken = [&](const std::string& type) {
            for (const auto& [name, line] : taken) {
                if (name == type) {
                    by = line;
                    return true;
                }
            }
            return false;
        };
        const rule& r = rules[i];
        if (!r.on.empty() && std::all_of(r.on.begin(), r.on.end(), is_taken))
            problems.push_back({{},
                                r.line,
                                "rule[" + std::to_string(i + 1) + "]",
                                "is never carried out: the rule of line " + std::to_string(*by) +
                                    " takes every " + in_ticks(r.on.back()) +
                                    " before it; put this one first"});
        if (takes_everything(r)) {
            for (const std::string& type : r.on)
                taken.emplace_back(type, r.line);
        }
    }
}

}  // namespace

boost::system::result<rule_file, file_problems> read_rules(std::string_view text,
                                                           const std::string& file)
{
    auto parsed = parse_toml(text);
    if (parsed.has_error()) {
        auto problems = std::move(parsed).error();
        complete(problems, file);
        return problems;
    }
    file_problems problems;
    rule_file found;
    const std::string directory = std::filesystem::path(file).parent_path().string();
    const toml_section top(*parsed, {}, rule_file_keys, problems);
    const auto tables = top.tables("rule");
    for (std::size_t i = 0; i < tables.size(); ++i)
        found.rules.push_back(read_rule(*tables[i], "rule[" + std::to_string(i + 1) + "]",
                                        directory, problems, found.advice));
    if (problems.empty())
        find_unreachable(found.rules, problems);
    if (problems.empty() && found.rules.empty())
        problems.push_back({{}, 0, {}, "holds no rules; begin each of them with [[rule]]"});
    complete(problems, file);
    complete(found.advice, file);
    if (!problems.empty())
        return problems;
    return found;
}

boost::system::result<rule_file, file_problems> load_rules(const std::string& path)
{
    auto text = read_text_file(path);
    if (text.has_error())
        return std::move(text).error();
    return read_rules(*text, path);
}

}  // namespace aiflow
