#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>

namespace aiflow {

/// How long things took, in classes that fit everything from a handler that only computes to an SMS
/// centre that takes its time. Only grows.
struct time_histogram {
    static constexpr std::array<std::chrono::milliseconds, 10> bounds{
        std::chrono::milliseconds{1},      std::chrono::milliseconds{3},
        std::chrono::milliseconds{10},     std::chrono::milliseconds{30},
        std::chrono::milliseconds{100},    std::chrono::milliseconds{300},
        std::chrono::milliseconds{1'000},  std::chrono::milliseconds{3'000},
        std::chrono::milliseconds{10'000}, std::chrono::milliseconds{30'000}};

    /// How many took at most the bound of the same index and more than the one before; the last
    /// counts all that took longer.
    std::array<std::uint64_t, bounds.size() + 1> counts{};
    std::chrono::microseconds sum{0};

    template <class Rep, class Period>
    void add(std::chrono::duration<Rep, Period> took)
    {
        const auto bound = std::lower_bound(bounds.begin(), bounds.end(), took);
        ++counts[static_cast<std::size_t>(bound - bounds.begin())];
        sum += std::chrono::duration_cast<std::chrono::microseconds>(took);
    }

    std::uint64_t total() const { return std::accumulate(counts.begin(), counts.end(), 0ULL); }

    /// Adds what another one has counted.
    time_histogram& operator+=(const time_histogram& other)
    {
        for (std::size_t i = 0; i < counts.size(); ++i)
            counts[i] += other.counts[i];
        sum += other.sum;
        return *this;
    }
};

}  // namespace aiflow
