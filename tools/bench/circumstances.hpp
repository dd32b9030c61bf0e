#pragma once

#include "bench/results.hpp"

#include <string>

namespace aiflow::bench {

/// Date, processor, kernel and build of this run. `command`, `node`: as they are to be shown.
circumstances circumstances_now(std::string command, std::string node);

}  // namespace aiflow::bench
