#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// Reads "200ms", "1.5s", "2m" or "1h"; a number without a unit is refused, so that nobody has to
/// guess which one was meant. At most 24 hours, rounded to milliseconds.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest of the same spellings: "1.5s", "200ms".
std::string duration_text(std::chrono::milliseconds time);

}  // namespace aiflow
