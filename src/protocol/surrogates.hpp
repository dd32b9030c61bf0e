#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// The JSON text with U+FFFD in place of each escaped half of a character (`\ud83d` without its
/// other half); nothing when it has none. Whoever cuts a text between the two halves makes such,
/// and Boost.JSON refuses them.
std::optional<std::string> without_lone_surrogates(std::string_view json);

}  // namespace aiflow
