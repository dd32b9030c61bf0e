#pragma once

#include "aiflow/error.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// What the service manager has put into the environment of the process. An empty text is a
/// variable that is not set.
struct service_environment {
    std::string notify_socket = {};   ///< `$NOTIFY_SOCKET`
    std::string watchdog_usec = {};   ///< `$WATCHDOG_USEC`
    std::string watchdog_pid = {};    ///< `$WATCHDOG_PID`
    std::string listen_fds = {};      ///< `$LISTEN_FDS`
    std::string listen_pid = {};      ///< `$LISTEN_PID`
    std::string listen_fdnames = {};  ///< `$LISTEN_FDNAMES`
    std::string journal_stream = {};  ///< `$JOURNAL_STREAM`
    pid_t process = 0;                ///< the one that it has to be meant for
    int first_descriptor = 3;         ///< of those that `listen_fds` counts
};

/// Reads these variables of this process, and removes them: a child must not take them for its own.
/// Must be called before there are other threads.
service_environment take_service_environment();

/// How often the watchdog is to be fed, half of the time after which it bites; nothing when there
/// is none, or it is for another process.
std::optional<std::chrono::microseconds> watchdog_interval(const service_environment& e);

/// A socket that listens already when the process is started.
struct listen_descriptor {
    int descriptor;
    std::string name;  ///< `FileDescriptorName=` of the socket unit
};

/// The sockets that were handed over, in their order; none when there are none for this process.
/// They are the caller's to close, and closed in children. Error: `invalid_value` when one of them
/// is not a stream socket that listens.
checked<std::vector<listen_descriptor>> listen_descriptors(const service_environment& e);

}  // namespace aiflow
