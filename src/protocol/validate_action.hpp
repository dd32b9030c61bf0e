#pragma once

#include "aiflow/action.hpp"

namespace aiflow {

/// As `validate`, but `field` begins below the action ("barge_in.allow_after_ms"), so that a reader
/// of JSON can put its own place in front.
std::optional<problem> validate_members(const action& a);

}  // namespace aiflow
