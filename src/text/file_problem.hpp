#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace aiflow {

/// One thing that is wrong with a file that somebody wrote.
struct file_problem {
    std::string file;
    std::size_t line = 0;  ///< from 1; 0 when the file as a whole is meant
    std::string key;       ///< dotted, e.g. `calls[1].steps[2].within`; may be empty
    std::string text;      ///< what is wrong and what would be right
};

/// "first-call.toml:12: calls[1].steps[2].within: ..."
std::string to_string(const file_problem& p);

/// Every problem of a file.
using file_problems = std::vector<file_problem>;

/// Names the file in each of them, and puts them in the order of its lines.
void complete(file_problems& problems, const std::string& file);

}  // namespace aiflow
