#pragma once

#include "aiflow/clock.hpp"

#include <chrono>

namespace aiflow::simulator {

/// How long what takes `span` in a scenario is in a play that is `speed` times as fast.
inline clock::duration at_speed(std::chrono::milliseconds span, double speed) noexcept
{
    return std::chrono::duration_cast<clock::duration>(
        std::chrono::duration<double, std::milli>(static_cast<double>(span.count()) / speed));
}

}  // namespace aiflow::simulator
