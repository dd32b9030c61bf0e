#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// What a child process is started with.
struct child_command {
    std::vector<std::string> arguments = {};    ///< the first one is the program
    std::string directory = {};                 ///< to run it in; empty: the daemon's
    std::vector<std::string> environment = {};  ///< "NAME=value"

    bool operator==(const child_command&) const = default;
};

/// The environment for a child, of that of the daemon: without what systemd has told the daemon
/// alone (NOTIFY_SOCKET, LISTEN_*, WATCHDOG_*) or what leads to secrets (CREDENTIALS_DIRECTORY),
/// and with `AIFLOW_PIPE=1`.
std::vector<std::string> child_environment(const std::vector<std::string>& own);

/// That of this process.
std::vector<std::string> own_environment();

/// Where the program is. A name with a slash is taken as it is; any other one is looked for in
/// `path`, which looks like $PATH, among the files that this process may execute.
std::optional<std::string> find_program(const std::string& name, std::string_view path);

}  // namespace aiflow
