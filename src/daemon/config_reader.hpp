#pragma once

#include "daemon/config.hpp"
#include "text/file_problem.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace aiflow {

/// The configuration that a text holds, by the table of `config_keys`. `file` is its name for
/// messages, and its directory is where relative paths begin. No other file is read: see
/// `config_options.hpp` for what the files that it names must hold.
///
/// Error: every problem at once, each with its line and a remedy.
boost::system::result<daemon_config, file_problems> read_config(std::string_view text,
                                                                const std::string& file);

/// The same of a file.
boost::system::result<daemon_config, file_problems> read_config_file(const std::string& path);

}  // namespace aiflow
