#pragma once

#include "simulator/journal.hpp"

namespace aiflow::simulator {

/// Decides what the scenario expects at the end.
std::vector<check_record> final_checks(const scenario& s, const journal& seen);

}  // namespace aiflow::simulator
