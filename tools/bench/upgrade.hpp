#pragma once

#include <string>
#include <string_view>

namespace aiflow::bench {

/// Where every application takes WebSockets.
inline constexpr std::string_view path = "/ws";

/// The request for a WebSocket, always with the same key.
std::string upgrade_request();

/// What is wrong with the answer to it; empty: it is a WebSocket.
std::string wrong_answer(std::string_view head);

/// The answer to a request. Throws `runtime_error` when it does not ask for a WebSocket.
std::string answer_upgrade(std::string_view request);

}  // namespace aiflow::bench
