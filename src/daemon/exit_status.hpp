#pragma once

#include <string>

namespace aiflow {

/// How a process ended.
struct exit_status {
    int code = 0;    ///< what it exited with, when it was not killed
    int signal = 0;  ///< that killed it; 0 for none

    bool operator==(const exit_status&) const = default;
};

/// "exited with 1", "was killed by SIGSEGV".
std::string to_string(const exit_status& s);

}  // namespace aiflow
