#pragma once

#include "aiflow/event.hpp"
#include "protocol/event_members.hpp"

namespace aiflow {

/// How the members of one event fitted together.
struct build_result {
    error_code error;             ///< set when there is no event: `no_type` or `no_session`
    std::size_t wrong_types = 0;  ///< known members of a wrong type, read as absent
    bool has_unknown = false;     ///< something came that the struct does not hold
};

/// Makes an event of its members, as tolerant as protocol.md 8.3 asks. Reuses the memory of `out`;
/// leaves the raw texts empty.
build_result build_event(const event_members& members, incoming_event& out);

}  // namespace aiflow
