#pragma once

#include "bench/figures.hpp"

namespace aiflow::bench {

/// When events are due that come at a fixed rate, whatever becomes of them (an open loop).
class schedule {
public:
    schedule(steady::time_point begin, double per_second)
        : begin_(begin), gap_ns_(1e9 / per_second), next_(begin)
    {
    }

    steady::time_point next() const noexcept { return next_; }
    bool due(steady::time_point now) const noexcept { return next_ <= now; }

    /// Takes the event that is due next. Its time is counted from the beginning, so that no error
    /// adds up.
    steady::time_point take()
    {
        const auto due = next_;
        ++taken_;
        next_ = begin_ + std::chrono::nanoseconds(
                             static_cast<std::int64_t>(static_cast<double>(taken_) * gap_ns_));
        return due;
    }

private:
    steady::time_point begin_;
    double gap_ns_;
    steady::time_point next_;
    std::uint64_t taken_ = 0;
};

}  // namespace aiflow::bench
