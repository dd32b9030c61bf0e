#pragma once

#include "aiflow/error.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// Who may use the control socket, by the kernel's word about the peer.
struct peer_access {
    std::vector<uid_t> users = {};

    bool allows(uid_t user) const noexcept;
};

/// Root, the user of this process, and those named. Error: a name that the system does not know.
checked<peer_access> resolve_users(const std::vector<std::string>& names);

/// Who is at the other end of a connected Unix socket.
std::optional<uid_t> peer_user(int socket) noexcept;

}  // namespace aiflow
