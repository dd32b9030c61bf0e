#pragma once

#include "daemon/rule.hpp"
#include "text/file_problem.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// What a file of rules says.
struct rule_file {
    std::vector<rule> rules;
    file_problems advice;  ///< what may be meant so, but sounds wrong; worth a line in the log
};

/// Reads and checks rules. The error is every problem of them, in the order of the lines; none
/// holds a phone number or a text that is said or sent. `file` names them in problems, and audio
/// files are looked for in its directory.
boost::system::result<rule_file, file_problems> read_rules(std::string_view text,
                                                           const std::string& file);

/// The same for a file. Reads files, and so may block.
boost::system::result<rule_file, file_problems> load_rules(const std::string& path);

}  // namespace aiflow
