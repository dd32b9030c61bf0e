#pragma once

#include "aiflow/clock.hpp"

#include <string>

namespace aiflow {

/// The time as RFC 3339 has it, in UTC, with milliseconds: "2026-11-25T15:58:18.042Z".
std::string wall_time_text(clock::wall_time t);

}  // namespace aiflow
