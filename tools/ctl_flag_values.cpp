#include "ctl_flag_values.hpp"

#include "daemon/sms_states.hpp"
#include "text/phrases.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace {

constexpr std::size_t shown_of_value = 40;

std::string is_count(const std::string& value, std::size_t max)
{
    std::size_t n = 0;
    const char* const end = value.data() + value.size();
    const auto [stopped, failed] = std::from_chars(value.data(), end, n);
    if (failed == std::errc{} && stopped == end && n >= 1 && n <= max)
        return {};
    return aiflow::in_quotes(value, shown_of_value) + " is no whole number from 1 to " +
           std::to_string(max);
}

}  // namespace

void allow_words(CLI::Option* option, std::span<const std::string_view> words)
{
    option->check(
        [all = std::vector<std::string>(words.begin(), words.end())](const std::string& value) {
            if (std::find(all.begin(), all.end(), value) != all.end())
                return std::string();
            return aiflow::in_quotes(value, shown_of_value) + " is not known; it has to be " +
                   aiflow::either_of(all);
        });
}

void allow_count(CLI::Option* option, std::size_t max)
{
    option->check([max](const std::string& value) { return is_count(value, max); });
}

void allow_sms_states(CLI::Option* option)
{
    std::vector<std::string_view> names;
    names.reserve(aiflow::sms_states.size());
    for (const auto state : aiflow::sms_states)
        names.push_back(to_string(state));
    allow_words(option, names);
    // Comes before the check.
    option->transform([](std::string name) {
        std::replace(name.begin(), name.end(), ' ', '_');
        return name;
    });
}
