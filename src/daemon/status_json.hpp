#pragma once

#include "daemon/metrics_snapshot.hpp"

#include <boost/json/object.hpp>

namespace aiflow {

/// Where the sides and the process stand, as `GET /v1/status` shows it; see docs/control.md.
boost::json::object status_json(const metrics_snapshot& now, clock::time_point at,
                                clock::wall_time wall);

}  // namespace aiflow
