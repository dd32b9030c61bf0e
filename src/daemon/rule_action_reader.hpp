#pragma once

#include "daemon/rule.hpp"
#include "text/file_problem.hpp"

#include <toml++/toml.h>

#include <string>

namespace aiflow {

/// What an action of a rule is read with.
struct action_context {
    placeholder_scope scope;
    std::string directory;      ///< from which audio files are named
    file_problems& problems;    ///< every problem is noted here, ...
    file_problems& advice;      ///< ... and here what may be meant so
    bool ends = false;          ///< set by an action behind which no other one makes sense
    bool after_speech = false;  ///< set by one that waits for the end of speech
};

/// Reads one table of a rule's `do` and adds its action to `r`.
void read_rule_action(const toml::table& table, const std::string& path, action_context& context,
                      rule& r);

}  // namespace aiflow
