#pragma once

#include <cstddef>
#include <vector>

namespace aiflow::bench {

/// What a process holds at one time.
struct holding {
    std::size_t connections = 0;
    std::size_t resident_kib = 0;
    std::size_t descriptors = 0;
};

/// Lets another process open `connections` WebSockets to a listener of this one and leave again,
/// `rounds` times: before, with all of them, after, with all of them, after...
/// Throws `system_error`, for instance when there are not enough descriptors.
std::vector<holding> hold_idle_connections(std::size_t connections, unsigned rounds);

}  // namespace aiflow::bench
