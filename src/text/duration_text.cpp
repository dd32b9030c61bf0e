#include "text/duration_text.hpp"

#include <charconv>
#include <cmath>

namespace aiflow {

namespace {

constexpr double day_ms = 24.0 * 3600.0 * 1000.0;

double unit_ms(std::string_view unit)
{
    if (unit == "ms")
        return 1;
    if (unit == "s")
        return 1'000;
    if (unit == "m")
        return 60'000;
    if (unit == "h")
        return 3'600'000;
    return 0;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text)
{
    double amount = 0;
    const auto [end, failed] =
        std::from_chars(text.data(), text.data() + text.size(), amount, std::chars_format::fixed);
    if (failed != std::errc{} || !(amount >= 0))
        return std::nullopt;
    const auto unit = unit_ms(text.substr(static_cast<std::size_t>(end - text.data())));
    if (unit == 0 || !(amount * unit <= day_ms))
        return std::nullopt;
    return std::chrono::milliseconds{std::llround(amount * unit)};
}

std::string duration_text(std::chrono::milliseconds time)
{
    if (time.count() % 3'600'000 == 0 && time.count() != 0)
        return std::to_string(time.count() / 3'600'000) + "h";
    if (time.count() % 60'000 == 0 && time.count() != 0)
        return std::to_string(time.count() / 60'000) + "m";
    if (time.count() < 1'000)
        return std::to_string(time.count()) + "ms";
    std::string text = std::to_string(time.count() / 1'000);
    if (const auto rest = time.count() % 1'000; rest != 0) {
        std::string digits = std::to_string(1'000 + rest).substr(1);
        digits.erase(digits.find_last_not_of('0') + 1);
        text += "." + digits;
    }
    return text + "s";
}

}  // namespace aiflow
