#pragma once

#include "ctl_flags.hpp"

#include <boost/json/object.hpp>

#include <string>

/// What the daemon answered to a command, for people. Empty when it is not what was to be expected.
std::string shown(ctl_command command, const boost::json::object& answer);
