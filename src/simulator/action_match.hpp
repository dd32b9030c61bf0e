#pragma once

#include "aiflow/action.hpp"
#include "simulator/scenario.hpp"

#include <string_view>

namespace aiflow::simulator {

/// Whether the action is the one that the step is about. `human` is what "caller" means in `to`.
bool matches(const expect_step& wanted, const action& a, std::string_view human);

/// "`send_sms` to the caller with \"code\"": what the step is about, in words.
std::string to_text(const expect_step& wanted);

/// How long the service speaks the action; nothing if it is not spoken or played. Markup of SSML is
/// not spoken.
std::optional<std::chrono::milliseconds> spoken_time(const action& a, const speech_plan& speech);

}  // namespace aiflow::simulator
