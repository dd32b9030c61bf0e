#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/websocket.hpp"
#include "transport/http_request.hpp"

#include <optional>
#include <string_view>

namespace aiflow {

/// Whether what has come so far can still become an HTTP/1 answer.
bool may_be_answer(std::string_view bytes);

/// What is wrong with the whole header of the answer to our upgrade, or nothing: it accepts
/// (RFC 6455 4.1). `key` is what our request held.
std::optional<connect_failure> check_answer(std::string_view header, std::string_view key,
                                            clock::wall_time now);

/// What a request for an upgrade lacks (RFC 6455 4.2.1; reliability.md S12), or nothing. The header
/// has been read by `read_request_header`.
http_refusal check_upgrade(const http_request& request);

}  // namespace aiflow
