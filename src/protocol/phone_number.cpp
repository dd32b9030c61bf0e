#include "aiflow/phone_number.hpp"

#include <algorithm>

namespace aiflow {
namespace {

constexpr std::size_t min_digits = 7;
constexpr std::size_t max_digits = 15;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

problem refused(std::string text)
{
    return {errc::invalid_phone_number, "phone_number", std::move(text)};
}

// The bytes that people put into numbers for the eye.
bool is_separator(char c) noexcept
{
    return std::string_view(" -./()\t").find(c) != std::string_view::npos;
}

}  // namespace

checked<phone_number> phone_number::parse(std::string_view text)
{
    if (text.empty())
        return refused("is empty; give 7 to 15 digits, country code first");
    std::string_view digits = text;
    if (digits.front() == '+')
        digits.remove_prefix(1);
    if (digits.empty())
        return refused("is a + alone; give 7 to 15 digits after it, country code first");
    if (digits.find('+') != std::string_view::npos)
        return refused("has more than a leading +; one + at the start is allowed, or none");
    const auto odd = std::find_if_not(digits.begin(), digits.end(), is_digit);
    if (odd != digits.end()) {
        if (is_separator(*odd))
            return refused("has spaces, dashes or brackets; give digits only, country code first");
        return refused("has characters that are not digits; give 7 to 15 digits, country code "
                       "first");
    }
    if (digits.starts_with("00"))
        return refused("begins with 00; leave the 00 out, so that the country code comes first");
    if (digits.front() == '0')
        return refused("begins with 0, as national numbers do; put the country code in its place");
    const auto count = std::to_string(digits.size());
    if (digits.size() < min_digits)
        return refused("has " + count + " digits; at least 7 are needed, country code first");
    if (digits.size() > max_digits)
        return refused("has " + count + " digits; E.164 allows at most 15");
    return phone_number(std::string(digits));
}

std::string comparable_digits(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        if (c != ' ' && !(c == '+' && result.empty()))
            result.push_back(c);
    }
    return result;
}

std::string masked(std::string_view number)
{
    constexpr std::size_t shown = 3;
    std::string result = "***";
    if (number.size() <= shown)
        return result;
    const auto last = number.substr(number.size() - shown);
    // A log line must not get half a UTF-8 character or a line break through here.
    if (std::all_of(last.begin(), last.end(), is_digit))
        result.append(last);
    return result;
}

std::string masked(const phone_number& number)
{
    return masked(number.digits());
}

}  // namespace aiflow
