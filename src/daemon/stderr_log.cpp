#include "daemon/stderr_log.hpp"

#include "aiflow/phone_number.hpp"

#include <algorithm>

namespace aiflow {

namespace {

constexpr std::size_t shortest_number = 7;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

}  // namespace

std::string without_numbers(std::string_view text)
{
    std::string result;
    while (!text.empty()) {
        const auto first = std::find_if(text.begin(), text.end(), is_digit);
        const auto end = std::find_if_not(first, text.end(), is_digit);
        result.append(text.begin(), first);
        const std::string_view digits(first, end);
        result += digits.size() < shortest_number ? std::string(digits) : masked(digits);
        text = std::string_view(end, text.end());
    }
    return result;
}

void stderr_log::push(std::string_view bytes, clock::time_point now)
{
    lines_.push(bytes);
    while (const auto next = lines_.next())
        line(*next, now);
}

void stderr_log::finish(clock::time_point now)
{
    if (const auto last = lines_.rest())
        line(*last, now);
}

void stderr_log::line(std::string_view text, clock::time_point now)
{
    const auto left_out = limiter_.allow(now);
    if (!left_out)
        return;
    const std::string shown = printable(without_numbers(text), line_bytes);
    if (*left_out == 0)
        log_.write(log_level::info, "pipe.stderr", shown);
    else
        log_.write(log_level::info, "pipe.stderr", shown,
                   {{"left_out", std::to_string(*left_out)}});
}

}  // namespace aiflow
