#pragma once

#include "simulator/scenario.hpp"
#include "text/file_problem.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::simulator {

/// Reads a scenario. Nothing is ignored: an unknown key is a problem, with the nearest known one.
/// Lines and keys are given as the file has them; all problems are reported at once, except that a
/// file that is not TOML has one.
boost::system::result<scenario, file_problems> read_scenario_file(const std::string& path);

/// The same for text; `file` is what problems name.
boost::system::result<scenario, file_problems> read_scenario(std::string_view text,
                                                             const std::string& file);

}  // namespace aiflow::simulator
