#pragma once

#include "daemon/call_counts.hpp"
#include "daemon/metrics_snapshot.hpp"

#include <string>

namespace aiflow {

/// Everything that is measured, in the text format of Prometheus. Labels have values of small fixed
/// sets: no session, no number, nothing that comes from outside.
std::string metrics_text(const call_counts& counts, const metrics_snapshot& now);

}  // namespace aiflow
