#include "text/toml_section.hpp"

#include "aiflow/log.hpp"
#include "text/duration_text.hpp"
#include "text/phrases.hpp"

#include <algorithm>
#include <numeric>

namespace aiflow {

namespace {

constexpr std::size_t quoted_bytes = 60;  // of a value; whoever wrote it knows the rest

std::string_view kind_of(const toml::node& n)
{
    switch (n.type()) {
    case toml::node_type::string:
        return "a text";
    case toml::node_type::integer:
        return "a whole number";
    case toml::node_type::floating_point:
        return "a number";
    case toml::node_type::boolean:
        return "true or false";
    case toml::node_type::array:
        return "an array";
    case toml::node_type::table:
        return "a table";
    default:
        return "a date or time";
    }
}

// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string shortest(double value)
{
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return text;
}

}  // namespace

std::string list_of(std::span<const std::string_view> words)
{
    std::vector<std::string> quoted;
    for (const std::string_view word : words)
        quoted.push_back("`" + std::string(word) + "`");
    return either_of(quoted);
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known)
{
    std::optional<std::string_view> best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string_view k : known) {
        if (const std::size_t d = distance(word, k); d < best_distance) {
            best = k;
            best_distance = d;
        }
    }
    return best;
}

toml_section::toml_section(const toml::table& table, std::string path,
                           std::span<const std::string_view> known, file_problems& problems)
    : table_(table), path_(std::move(path)), problems_(problems)
{
    for (const auto& [key, value] : table_) {
        if (std::find(known.begin(), known.end(), key.str()) != known.end())
            continue;
        std::string text = "there is no such key here; ";
        if (const auto near = nearest(key.str(), known))
            text += "did you mean `" + std::string(*near) + "`?";
        else
            text += "known are " + list_of(known);
        complain(key.str(), std::move(text));
    }
}

std::string toml_section::path_of(std::string_view key) const
{
    if (path_.empty() || key.empty())
        return path_ + std::string(key);
    return path_ + "." + std::string(key);
}

std::size_t toml_section::line_of(std::string_view key) const
{
    const toml::node* node = key.empty() ? nullptr : table_.get(key);
    return node != nullptr ? node->source().begin.line : line();
}

void toml_section::complain(std::string_view key, std::string text) const
{
    problems_.push_back({{}, line_of(key), printable(path_of(key)), std::move(text)});
}

void toml_section::complain_at(const toml::node& node, std::string_view key, std::string text) const
{
    problems_.push_back({{}, node.source().begin.line, printable(path_of(key)), std::move(text)});
}

void toml_section::mistyped(std::string_view key, const toml::node& found,
                            std::string_view wanted) const
{
    complain_at(found, key,
                "is " + std::string(kind_of(found)) + ", but has to be " + std::string(wanted));
}

void toml_section::read(std::string_view key, std::string& target) const
{
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return;
    if (const auto value = node->value_exact<std::string>())
        target = *value;
    else
        mistyped(key, *node, "a text");
}

void toml_section::read(std::string_view key, bool& target) const
{
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return;
    if (const auto value = node->value_exact<bool>())
        target = *value;
    else
        mistyped(key, *node, "true or false");
}

std::optional<std::chrono::milliseconds> toml_section::duration(const toml::node& node,
                                                                std::string_view key) const
{
    const auto value = node.value_exact<std::string>();
    if (!value) {
        mistyped(key, node, "a duration as text, such as \"200ms\", \"1.5s\" or \"2m\"");
        return std::nullopt;
    }
    const auto time = parse_duration(*value);
    if (!time)
        complain_at(node, key,
                    in_quotes(*value, quoted_bytes) +
                        " is no duration; write a number and a unit, such as "
                        "\"200ms\", \"1.5s\" or \"2m\", up to \"24h\"");
    return time;
}

bool toml_section::within(const toml::node& node, std::string_view key,
                          std::chrono::milliseconds time, std::chrono::milliseconds least,
                          std::chrono::milliseconds most) const
{
    if (time >= least && time <= most)
        return true;
    complain_at(node, key,
                "is " + duration_text(time) + ", but has to be from " + duration_text(least) +
                    " to " + duration_text(most));
    return false;
}

void toml_section::read(std::string_view key, std::chrono::milliseconds& target) const
{
    if (const toml::node* node = table_.get(key))
        target = duration(*node, key).value_or(target);
}

void toml_section::read(std::string_view key, std::chrono::milliseconds& target,
                        std::chrono::milliseconds least, std::chrono::milliseconds most) const
{
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return;
    if (const auto time = duration(*node, key); time && within(*node, key, *time, least, most))
        target = *time;
}

template <class T, class Read>
void toml_section::read_list(std::string_view key, std::vector<T>& target, std::string_view wanted,
                             Read read_element) const
{
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return;
    if (!node->is_array())
        return mistyped(key, *node, wanted);
    std::vector<T> values;
    const toml::array& elements = *node->as_array();
    for (std::size_t i = 0; i < elements.size(); ++i)
        if (auto value =
                read_element(elements[i], std::string(key) + "[" + std::to_string(i + 1) + "]"))
            values.push_back(std::move(*value));
    if (values.size() == elements.size())
        target = std::move(values);
}

void toml_section::read(std::string_view key, std::vector<std::string>& target) const
{
    read_list(key, target, "a list of texts, such as [\"one\", \"two\"]",
              [this](const toml::node& node, const std::string& name) {
                  auto value = node.value_exact<std::string>();
                  if (!value)
                      mistyped(name, node, "a text");
                  return value;
              });
}

void toml_section::read(std::string_view key, std::vector<std::chrono::milliseconds>& target,
                        std::chrono::milliseconds least, std::chrono::milliseconds most) const
{
    read_list(key, target, "a list of durations, such as [\"2s\", \"1m\"]",
              [&](const toml::node& node, const std::string& name) {
                  auto time = duration(node, name);
                  if (time && !within(node, name, *time, least, most))
                      time.reset();
                  return time;
              });
}

void toml_section::read(std::string_view key, double& target, double least, double most) const
{
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return;
    if (!node->is_number())
        return mistyped(key, *node, "a number");
    const double value = *node->value<double>();
    if (value >= least && value <= most)
        target = value;
    else
        complain(key, "is " + shortest(value) + ", but has to be from " + shortest(least) + " to " +
                          shortest(most));
}

std::optional<std::int64_t> toml_section::integer(std::string_view key, std::int64_t least,
                                                  std::int64_t most) const
{
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (!value) {
        mistyped(key, *node, "a whole number");
        return std::nullopt;
    }
    if (*value >= least && *value <= most)
        return value;
    complain(key, "is " + std::to_string(*value) + ", but has to be from " + std::to_string(least) +
                      " to " + std::to_string(most));
    return std::nullopt;
}

std::optional<std::size_t> toml_section::choice(std::string_view key,
                                                std::span<const std::string_view> choices) const
{
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return std::nullopt;
    if (!node->is_string()) {
        mistyped(key, *node, list_of(choices));
        return std::nullopt;
    }
    const std::string value = *node->value<std::string>();
    const auto found = std::find(choices.begin(), choices.end(), value);
    if (found != choices.end())
        return static_cast<std::size_t>(found - choices.begin());
    std::string text =
        in_quotes(value, quoted_bytes) + " is not known; it has to be " + list_of(choices);
    if (const auto near = nearest(value, choices))
        text = in_quotes(value, quoted_bytes) + " is not known; did you mean `" +
               std::string(*near) + "`?";
    complain(key, std::move(text));
    return std::nullopt;
}

const toml::table* toml_section::table(std::string_view key) const
{
    const toml::node* node = table_.get(key);
    if (node != nullptr && !node->is_table())
        mistyped(key, *node, "a table");
    return node != nullptr ? node->as_table() : nullptr;
}

std::vector<const toml::table*> toml_section::tables(std::string_view key) const
{
    std::vector<const toml::table*> found;
    const toml::node* node = table_.get(key);
    if (node == nullptr)
        return found;
    if (!node->is_array()) {
        mistyped(key, *node, "an array of tables");
        return found;
    }
    std::size_t number = 0;
    for (const toml::node& element : *node->as_array()) {
        ++number;
        if (const toml::table* t = element.as_table())
            found.push_back(t);
        else
            mistyped(std::string(key) + "[" + std::to_string(number) + "]", element,
                     "a table such as { say = \"Hello\" }");
    }
    return found;
}

}  // namespace aiflow
