#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <optional>

namespace aiflow {

/// What a process between fork and exec needs; all of it has been made before.
struct execution {
    const char* program;
    char* const* arguments;             ///< ends with null
    char* const* environment;           ///< likewise
    const char* directory;              ///< null: as it is
    std::optional<rlimit> descriptors;  ///< how many it may open; nothing: as it is
    std::array<int, 3> streams;
    pid_t parent;
};

/// Why a program could not be executed.
struct execution_failure {
    enum stage : int { none, streams, descriptors, parent_gone, directory, program };

    stage where = none;
    int error = 0;  ///< errno
};

/// Becomes the program. For the child of a fork, with all signals blocked: calls nothing that is
/// not async-signal-safe. Returns only on failure; every descriptor but 0, 1 and 2 closes with
/// success.
execution_failure execute(const execution& what) noexcept;

}  // namespace aiflow
