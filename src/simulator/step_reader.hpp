#pragma once

#include "simulator/scenario.hpp"
#include "text/toml_section.hpp"

namespace aiflow::simulator {

/// Reads one step of a call, a table with one step's key and its options; nothing if it is wrong.
std::optional<scenario_step> read_step(const toml::table& table, const std::string& path,
                                       file_problems& problems);

/// Reads the key `to`: "caller", or a number; empty when it is absent or wrong.
std::string read_recipient(const toml_section& at);

}  // namespace aiflow::simulator
