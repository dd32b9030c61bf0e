#pragma once

#include "aiflow/event.hpp"
#include "daemon/bot_call.hpp"
#include "daemon/disclosure.hpp"

#include <boost/json/object.hpp>

namespace aiflow {

/// A live call as docs/control.md shows it.
boost::json::object call_json(const session_info& session, const bot_call::facts& known,
                              const disclosure& shown);

}  // namespace aiflow
