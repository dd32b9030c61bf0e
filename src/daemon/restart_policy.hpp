#pragma once

#include "aiflow/clock.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace aiflow {

/// Decides how long to wait before a child process is started again: `initial`, doubled each time
/// up to `max`, and a fifth more or less. A child that has lived for half a minute starts it over.
///
/// Thread safety: none. Has neither a clock nor a source of randomness of its own.
class restart_policy {
public:
    restart_policy(std::chrono::milliseconds initial, std::chrono::milliseconds max,
                   std::uint64_t seed)
        : initial_(initial), max_(max), random_(seed)
    {
    }

    /// After a child that has lived for `lived`; zero when it could not be started.
    clock::duration next(clock::duration lived);

    /// Other limits from now on; where it stands is kept.
    void change(std::chrono::milliseconds initial, std::chrono::milliseconds max) noexcept
    {
        initial_ = initial;
        max_ = max;
    }

private:
    std::chrono::milliseconds initial_;
    std::chrono::milliseconds max_;
    std::mt19937_64 random_;
    std::chrono::milliseconds delay_{0};  // 0: nothing has failed
};

}  // namespace aiflow
