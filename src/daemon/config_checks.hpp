#pragma once

#include "daemon/config.hpp"
#include "text/file_problem.hpp"

#include <string>
#include <string_view>

namespace aiflow {

/// What in a configuration contradicts itself, is missing, or is no address or URL. Each value has
/// its type and range already. Reads no file.
file_problems check_config(const daemon_config& config);

/// A problem with a key, at its line: that of the key, else of its section, else none.
file_problem problem_at(const daemon_config& config, std::string_view key, std::string text);

}  // namespace aiflow
