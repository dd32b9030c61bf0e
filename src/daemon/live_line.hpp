#pragma once

#include "aiflow/action.hpp"
#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "aiflow/sms.hpp"
#include "daemon/disclosure.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>

/// What happens in calls, as lines of `GET /v1/tail` (docs/control.md).
namespace aiflow {

/// The members that every line begins with; `type` only when there is one.
boost::json::object live_line(clock::wall_time now, std::string_view kind,
                              std::string_view session_id, std::string_view type = {});

/// Adds what is to be shown of an event, an action or an outcome.
void show(boost::json::object& line, const incoming_event& e, const disclosure& shown);
void show(boost::json::object& line, const action& a, const disclosure& shown);
void show(boost::json::object& line, const sms_outcome& o);
void show(boost::json::object& line, const session_info& s, const disclosure& shown);

}  // namespace aiflow
