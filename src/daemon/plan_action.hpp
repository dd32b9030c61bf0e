#pragma once

#include "daemon/rule.hpp"

#include <chrono>

namespace aiflow {

/// An action with its words, ready to be sent.
struct planned_action {
    action frame;
    std::chrono::milliseconds speaks_for{0};  ///< the longest it can reasonably take to say or play
};

/// Puts the values into the action and checks it.
/// Error: what `validate` finds, or that a number is none; names the field, repeats no value.
checked<planned_action> plan_action(const rule_action& a, const placeholder_values& v);

/// How long it can take at most to say this; never more than two minutes.
std::chrono::milliseconds longest_speech(std::string_view words) noexcept;

/// The same for audio of this length.
std::chrono::milliseconds longest_playing(std::chrono::milliseconds length) noexcept;

}  // namespace aiflow
