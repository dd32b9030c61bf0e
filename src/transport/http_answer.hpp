#pragma once

#include "aiflow/websocket.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// An answer of HTTP/1.1; without a body, its length is said to be 0, but for a 204.
struct http_answer {
    unsigned status = 200;
    std::vector<http_header> headers = {};
    std::string body = {};
    std::string_view content_type = {};
    bool keep_alive = false;
};

/// The answer as it goes on the wire. What a status calls for (`Allow`, `Upgrade`) is added:
/// `allowed` names the methods for a 405.
std::string to_text(const http_answer& a, std::string_view allowed = "GET");

}  // namespace aiflow
