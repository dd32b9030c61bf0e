#pragma once

#include "bench/results.hpp"

#include <string>
#include <vector>

namespace aiflow::bench {

/// A promise of docs/performance.md, and what this run says about it.
struct goal {
    std::string workload;
    std::string role;
    std::string what;  ///< "× bare Beast", "p99, × bare Beast", "bytes for each connection", ...
    double limit = 0;
    bool at_least = true;  ///< or at most
    double reached = 0;

    bool kept() const noexcept { return at_least ? reached >= limit : reached <= limit; }
};

/// The promises that the run has figures for. All of them are about plain TCP.
std::vector<goal> check_goals(const results& r);

}  // namespace aiflow::bench
