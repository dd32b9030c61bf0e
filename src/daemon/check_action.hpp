#pragma once

#include "daemon/rule.hpp"

#include <optional>

namespace aiflow {

/// What is wrong with an action of a rule, as far as that does not depend on an event. `field` is
/// the key of the action's table, or empty when all of it is meant.
std::optional<problem> check_action(const rule_action& a);

}  // namespace aiflow
