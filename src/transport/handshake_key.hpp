#pragma once

#include <string>
#include <string_view>

namespace aiflow {

/// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key` (RFC 6455 4.2.2).
std::string accept_for(std::string_view key);

/// Whether a `Sec-WebSocket-Key` is 16 bytes in Base64 (RFC 6455 4.2.1; Beast takes any text).
bool is_handshake_key(std::string_view key);

}  // namespace aiflow
