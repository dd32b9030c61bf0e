#pragma once

#include "bench/results.hpp"

#include <string>

namespace aiflow::bench {

/// Everything: each figure of each round, medians, ratios and goals.
std::string as_json(const results& r);

/// A bar chart of rates, each case relative to the bare loop, in colours that can be read on a
/// light and on a dark page. Cases without a bare loop are left out.
std::string as_svg(const results& r);

}  // namespace aiflow::bench
