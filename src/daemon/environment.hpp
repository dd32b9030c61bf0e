#pragma once

#include <string>

namespace aiflow {

/// What the process is given besides its configuration, as systemd sets it. Empty: not set.
struct daemon_environment {
    std::string credentials_directory = {};
    std::string state_directory = {};    ///< the first one
    std::string runtime_directory = {};  ///< the first one
};

/// That of this process.
daemon_environment environment_of_process();

}  // namespace aiflow
