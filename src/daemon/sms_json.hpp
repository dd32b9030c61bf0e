#pragma once

#include "aiflow/outbox.hpp"
#include "daemon/disclosure.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace aiflow {

/// A message as docs/control.md shows it. Times that are not known are null; the text is there
/// only when asked for, and gone once the message is settled.
boost::json::object sms_json(const sms_record& r, const disclosure& shown);

/// Its attempts, the first one first.
boost::json::array history_json(const sms_record& r);

}  // namespace aiflow
