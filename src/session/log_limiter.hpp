#pragma once

#include "aiflow/clock.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace aiflow {

/// Keeps what strangers can cause from filling the log (reliability.md S31): so many lines in a
/// second, and how many were left out with the next one.
class log_limiter {
public:
    explicit log_limiter(unsigned lines_per_second = 10) noexcept
        : lines_per_second_(lines_per_second)
    {
    }

    /// How many lines were left out before this one; nothing when this one is to be left out too.
    std::optional<std::uint64_t> allow(clock::time_point now)
    {
        if (now - second_ >= std::chrono::seconds(1)) {
            second_ = now;
            lines_ = 0;
        }
        if (lines_ >= lines_per_second_) {
            ++left_out_;
            return std::nullopt;
        }
        ++lines_;
        return std::exchange(left_out_, 0);
    }

private:
    unsigned lines_per_second_;
    clock::time_point second_{};
    unsigned lines_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace aiflow
