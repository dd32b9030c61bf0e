#include "daemon/config_text.hpp"

#include "text/duration_text.hpp"
#include "text/phrases.hpp"
#include "text/text_columns.hpp"

#include <array>
#include <utility>

namespace aiflow {

namespace {

constexpr std::size_t sample_columns = 90;

constexpr std::string_view sample_introduction =
    "The configuration of aiflowd: every key, with its default.\n"
    "\n"
    "A key that is commented out has the value that is shown. Durations are texts with a unit, "
    "such as \"200ms\", \"1.5s\", \"2m\" or \"24h\". A relative path begins at the directory "
    "of this file. Tokens are in files of their own, which only their owner may read. A change "
    "takes effect at a restart, unless a key says that a reload will do.\n"
    "\n"
    "`aiflowd --check --config FILE` says what is wrong with a file, and what it means.\n";

// What a daemon that listens and answers by rules has to be told.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> minimal_lines{
    {{"mode", "\"listen\""}, {"handler.type", "\"rules\""}, {"rules.file", "\"rules.toml\""}}};

std::string commented(std::string_view text)
{
    std::string all;
    while (!text.empty()) {
        const auto end = text.find('\n');
        for (const std::string& line : wrapped(text.substr(0, end), sample_columns - 2))
            all += line.empty() ? "#\n" : "# " + line + "\n";
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return all;
}

std::string duration_range(const key_range& r)
{
    using ms = std::chrono::milliseconds;
    return duration_text(ms(r.least)) + " to " + duration_text(ms(r.most));
}

std::string number_range(const key_range& r)
{
    return std::to_string(r.least) + " to " + std::to_string(r.most);
}

std::string choices_text(const config_key& key)
{
    std::vector<std::string> all;
    for (const auto choice : choices_of(key))
        all.push_back(toml_text(choice));
    return either_of(all);
}

std::string kind_text(const config_key& key)
{
    const std::string limit = std::to_string(key.range.most) + " at most";
    switch (key.kind) {
    case key_kind::text:
        return "A text";
    case key_kind::url:
        return "A URL";
    case key_kind::path:
        return "A path";
    case key_kind::token_file:
        return "A path, or \"credential:NAME\"";
    case key_kind::socket:
        return "A path, or \"off\"";
    case key_kind::choice:
        return choices_text(key);
    case key_kind::boolean:
        return "true or false";
    case key_kind::number:
        return "A whole number" +
               (key.range.unit.empty() ? "" : " of " + std::string(key.range.unit)) + ", " +
               number_range(key.range);
    case key_kind::bytes:
        return "A whole number of bytes, " + number_range(key.range);
    case key_kind::duration:
        return "A duration, " + duration_range(key.range);
    case key_kind::texts:
        return "A list of texts, " + limit;
    case key_kind::token_files:
        return "A list of paths or \"credential:NAME\", " + limit;
    case key_kind::command:
        return "A list of texts";
    case key_kind::durations:
        return "A list of durations, each " + duration_range(key.range);
    }
    return {};
}

// The lines of a file: each section's heading, and for each key what `line` makes of it.
template <class Heading, class Line>
std::string all_lines(Heading heading, Line line)
{
    std::string all;
    std::string_view section;
    for (const config_key& key : config_keys()) {
        for (const config_section& s : config_sections())
            if (s.name == key.section() && s.name != section)
                all += heading(s);
        section = key.section();
        all += line(key);
    }
    return all;
}

std::string assignment(const config_key& key, std::string_view value)
{
    return std::string(key.last_name()) + " = " + std::string(value);
}

// Without the query of a URL, in which a secret may be, though it should not.
std::string shown_text(const config_key& key, const daemon_config& config)
{
    std::string text = value_text(key, config);
    const auto query = key.kind == key_kind::url ? text.find('?') : std::string::npos;
    return query == std::string::npos ? text : text.substr(0, query) + "?...\"";
}

}  // namespace

std::string effective_config(const daemon_config& config)
{
    return all_lines([](const config_section& s) { return "\n[" + std::string(s.name) + "]\n"; },
                     [&](const config_key& key) {
                         const std::string value = shown_text(key, config);
                         return assignment(key, value) +
                                (value == default_text(key) ? "  # default\n" : "\n");
                     });
}

std::string sample_config()
{
    return commented(sample_introduction) +
           all_lines(
               [](const config_section& s) {
                   return "\n\n" + commented(s.text) + "[" + std::string(s.name) + "]\n";
               },
               [](const config_key& key) {
                   std::string line = "#" + assignment(key, default_text(key));
                   for (const auto& [name, value] : minimal_lines)
                       if (name == key.name)
                           line = assignment(key, value);
                   return "\n" + commented(std::string(key.text) + "\n" + key_facts(key)) + line +
                          "\n";
               });
}

std::string key_facts(const config_key& key)
{
    std::string text = kind_text(key) + ".";
    if (!key.example.empty())
        text += " Such as " + std::string(key.example) + ".";
    if (!key.needed.empty())
        text += " Required " + std::string(key.needed) + ".";
    if (key.change == key_change::at_reload)
        text += " A change takes effect at a reload.";
    return text;
}

}  // namespace aiflow
