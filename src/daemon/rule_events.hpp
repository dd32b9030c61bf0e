#pragma once

#include <span>
#include <string>
#include <string_view>

namespace aiflow {

/// What only some events have, for a rule to look at.
enum class event_value : unsigned char { text, digit, sms, resumed, barged_in };

/// The events that this version knows and that actions may answer.
std::span<const std::string_view> rule_event_names() noexcept;

/// Whether events of this type have the value; false for types that are not known.
bool has_value(std::string_view type, event_value v) noexcept;

/// "`user_speak`, `user_barge_in` or `assistant_speak`"
std::string events_with(event_value v);

}  // namespace aiflow
