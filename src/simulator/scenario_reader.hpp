#pragma once

#include "simulator/scenario.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::simulator {

/// One thing that is wrong with a scenario file.
struct scenario_problem {
    std::string file;
    std::size_t line = 0;  ///< from 1; 0 when the file as a whole is meant
    std::string key;       ///< dotted, e.g. `calls[1].steps[2].within`; may be empty
    std::string text;      ///< what is wrong and what would be right
};

/// "first-call.toml:12: calls[1].steps[2].within: ..."
std::string to_string(const scenario_problem& p);

/// Every problem of the file, in the order of its lines.
using scenario_problems = std::vector<scenario_problem>;

/// Reads a scenario. Nothing is ignored: an unknown key is a problem, with the nearest known one.
/// Lines and keys are given as the file has them; all problems are reported at once, except that a
/// file that is not TOML has one.
boost::system::result<scenario, scenario_problems> read_scenario_file(const std::string& path);

/// The same for text; `file` is what problems name.
boost::system::result<scenario, scenario_problems> read_scenario(std::string_view text,
                                                                 std::string file);

}  // namespace aiflow::simulator
