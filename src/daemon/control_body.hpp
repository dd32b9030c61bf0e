#pragma once

#include "aiflow/error.hpp"
#include "protocol/strict_object.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace aiflow {

/// Reads a body, which has to be one JSON object: `read` asks for its members, and there must be no
/// others. What is wrong first is left in `wrong`; `read` may report something, too.
void read_body(std::string_view body, std::optional<problem>& wrong,
               const std::function<void(strict_object&)>& read);

}  // namespace aiflow
