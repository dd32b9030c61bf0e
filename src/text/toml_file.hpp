#pragma once

#include "text/file_problem.hpp"

#include <boost/system/result.hpp>
#include <toml++/toml.h>

#include <string>
#include <string_view>

namespace aiflow {

/// The table that a text holds. What is not TOML is one problem, with its line; the file's name is
/// left to `complete`.
boost::system::result<toml::table, file_problems> parse_toml(std::string_view text);

/// A whole file, or the one problem that it cannot be read.
boost::system::result<std::string, file_problems> read_text_file(const std::string& path);

}  // namespace aiflow
