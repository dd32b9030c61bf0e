#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/websocket.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// Whether what has come so far can still become an HTTP/1 answer.
bool may_be_answer(std::string_view bytes);

/// What is wrong with the whole header of the answer to our upgrade, or nothing: it accepts
/// (RFC 6455 4.1). `key` is what our request held.
std::optional<connect_failure> check_answer(std::string_view header, std::string_view key,
                                            clock::wall_time now);

/// A request for an upgrade, or the HTTP status that refuses it.
struct checked_request {
    unsigned status = 101;
    std::string detail;  ///< why not, for the log
    std::string key;
    upgrade_request request;
};

/// Checks what has come of a request, whose end is still missing: 101 when it may go on.
unsigned check_partial_request(std::string_view bytes, const stream_limits& limits);

/// Checks the whole header of a request (RFC 6455 4.2.1; reliability.md S11, S12).
checked_request check_request(std::string_view header);

/// The answer that refuses, with an empty body, after which the connection ends.
std::string refusal(unsigned status, const std::vector<http_header>& headers);

}  // namespace aiflow
