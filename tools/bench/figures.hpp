#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace aiflow::bench {

using steady = std::chrono::steady_clock;

/// What one run of one application measured, by name: "rate", "p50_us", "cpu_ns", ...
using figures = std::map<std::string, double, std::less<>>;

/// The middle one, or the mean of the two in the middle. 0 when there is none.
double median(std::vector<double> values);

/// The median of each figure over the rounds in which it was measured.
figures medians(const std::vector<figures>& rounds);

/// How long each answer took.
class latencies {
public:
    latencies();

    void add(steady::duration d) { all_.push_back(static_cast<std::uint64_t>(d.count())); }
    std::size_t size() const noexcept { return all_.size(); }

    /// The smallest one that at least the share `p` of all are not above (nearest rank), in µs; 0
    /// when there is none.
    double percentile_us(double p);

    /// Adds "p50_us", "p99_us" and "p999_us", if there is any.
    void report(figures& to);

private:
    std::vector<std::uint64_t> all_;
};

}  // namespace aiflow::bench
