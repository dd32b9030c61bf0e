#include "protocol/without_numbers.hpp"

#include "aiflow/phone_number.hpp"

#include <algorithm>

namespace aiflow {

namespace {

constexpr std::size_t shortest_number = 7;
constexpr std::size_t most_separators = 2;  // in a row: ") "
constexpr std::string_view date_pattern = "0000-00-00";

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_separator(char c) noexcept
{
    return std::string_view(" -/()").find(c) != std::string_view::npos;
}

bool begins_with_date(std::string_view text) noexcept
{
    const auto fits = [](char wanted, char c) { return wanted == '0' ? is_digit(c) : wanted == c; };
    return text.size() >= date_pattern.size() &&
           std::equal(date_pattern.begin(), date_pattern.end(), text.begin(), fits) &&
           (text.size() == date_pattern.size() || !is_digit(text[date_pattern.size()]));
}

// How much of the text, which begins with a digit, may be one number; its digits.
std::size_t read_number(std::string_view text, std::string& digits)
{
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size() && at - end <= most_separators; ++at) {
        if (is_digit(text[at])) {
            digits += text[at];
            end = at + 1;
        } else if (!is_separator(text[at])) {
            break;
        }
    }
    return end;
}

}  // namespace

std::string without_numbers(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const auto first = std::find_if(text.begin(), text.end(), is_digit);
        result.append(text.begin(), first);
        text = std::string_view(first, text.end());
        std::string digits;
        const auto size = begins_with_date(text) ? date_pattern.size() : read_number(text, digits);
        if (digits.size() < shortest_number)
            result.append(text, 0, size);
        else
            result += masked(digits);
        text.remove_prefix(size);
    }
    return result;
}

}  // namespace aiflow
