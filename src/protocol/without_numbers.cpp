#include "protocol/without_numbers.hpp"

#include "aiflow/phone_number.hpp"

#include <algorithm>

namespace aiflow {

namespace {

constexpr std::size_t shortest_number = 7;
constexpr std::size_t most_separators = 2;  // in a row: ") "
constexpr std::size_t date_size = 10;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool is_separator(char c) noexcept
{
    return std::string_view(" -/()").find(c) != std::string_view::npos;
}

// Whether two digits stand there, from `least` to `most`.
bool has_number(std::string_view text, std::size_t at, std::string_view least,
                std::string_view most) noexcept
{
    const auto two = text.substr(at, 2);
    return is_digit(two[0]) && is_digit(two[1]) && two >= least && two <= most;
}

// "2026-12-01", and not the beginning of something longer.
bool begins_with_date(std::string_view text) noexcept
{
    if (text.size() < date_size)
        return false;
    const bool goes_on =
        text.size() > date_size && (is_digit(text[date_size]) || text[date_size] == '-');
    return !goes_on && has_number(text, 0, "19", "20") && has_number(text, 2, "00", "99") &&
           text[4] == '-' && has_number(text, 5, "01", "12") && text[7] == '-' &&
           has_number(text, 8, "01", "31");
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
        const auto size = begins_with_date(text) ? date_size : read_number(text, digits);
        if (digits.size() < shortest_number)
            result.append(text, 0, size);
        else
            result += masked(digits);
        text.remove_prefix(size);
    }
    return result;
}

}  // namespace aiflow
