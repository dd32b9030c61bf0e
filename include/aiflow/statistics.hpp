#pragma once

#include <cstddef>
#include <cstdint>

namespace aiflow {

/// What happened since the start. A snapshot; counters only grow, gauges say so.
struct session_statistics {
    std::size_t open_sessions = 0;     ///< gauge
    std::size_t open_connections = 0;  ///< gauge
    std::size_t queued_events = 0;     ///< gauge: they wait for their handlers
    std::size_t queued_messages = 0;   ///< gauge: they wait to be written to a WebSocket
    std::uint64_t sessions = 0;
    std::uint64_t connections = 0;
    std::uint64_t events = 0;
    std::uint64_t unknown_events = 0;
    std::uint64_t dropped_events = 0;  ///< no event by protocol.md 8.3, or of a refused session
    std::uint64_t late_events = 0;     ///< after their session's end
    std::uint64_t wrong_types = 0;     ///< members of a wrong type, read as absent
    std::uint64_t binary_messages = 0;
    std::uint64_t actions = 0;  ///< handed to a connection's writer
    std::uint64_t refused_actions = 0;
    std::uint64_t slow_answers = 0;
    std::uint64_t handler_errors = 0;
    std::uint64_t interruptions = 0;
    std::uint64_t gaps = 0;
    std::uint64_t expired_sessions = 0;
    std::uint64_t lost_sessions = 0;  ///< their connection did not return
    std::uint64_t overflown_sessions = 0;
};

}  // namespace aiflow
