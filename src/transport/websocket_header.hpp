#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/websocket.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// Whether `h` may be sent: a token as name; no control characters, no white space around the
/// value (RFC 9110 5.1, 5.5; reliability.md S28).
bool is_sendable(const http_header& h);

/// Whether the handshake itself sets this header, or would be changed by it.
bool belongs_to_handshake(std::string_view name);

/// Without regard to case.
bool same_name(std::string_view a, std::string_view b);

/// The number of bytes of the header of an HTTP message, its empty line included; 0 when the
/// empty line has not come yet.
std::size_t header_size(std::string_view bytes);

/// A `Retry-After` in seconds or as a date, 1 s to 5 min; nothing when it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, clock::wall_time now);

}  // namespace aiflow
