#include "daemon/rule_values.hpp"

#include "text/duration_text.hpp"

namespace aiflow {

std::vector<std::string> read_texts(const toml_section& at, const toml::table& table,
                                    std::string_view key)
{
    std::vector<std::string> texts;
    const toml::node* node = table.get(key);
    if (node == nullptr)
        return texts;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        at.read(key, texts.emplace_back());
        return node->is_string() ? texts : std::vector<std::string>{};
    }
    if (array->empty())
        at.complain(key, "is an empty array; name at least one, or leave the key out");
    for (const toml::node& element : *array) {
        if (const auto text = element.value_exact<std::string>()) {
            texts.push_back(*text);
        } else {
            at.complain(key, "holds something that is no text; put each into quotes");
            return {};
        }
    }
    return texts;
}

std::optional<std::chrono::milliseconds> read_time(const toml_section& at, std::string_view key,
                                                   std::chrono::milliseconds least,
                                                   std::chrono::milliseconds most)
{
    constexpr std::chrono::milliseconds none{-1};
    std::chrono::milliseconds time = none;
    at.read(key, time);
    if (time == none)
        return std::nullopt;
    if (time >= least && time <= most)
        return time;
    at.complain(key, "is " + duration_text(time) + ", but has to be from " + duration_text(least) +
                         " to " + duration_text(most));
    return std::nullopt;
}

std::optional<int> read_seconds(const toml_section& at, std::string_view key,
                                std::chrono::seconds least, std::chrono::seconds most)
{
    const auto time = read_time(at, key, least, most);
    if (!time)
        return std::nullopt;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
    if (seconds == *time)
        return static_cast<int>(seconds.count());
    at.complain(key, "is " + duration_text(*time) + ", but AI Flow takes whole seconds only");
    return std::nullopt;
}

}  // namespace aiflow
