#pragma once

#include "aiflow/websocket.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// An answer of HTTP/1.1; without a body, its length is said to be 0, but for a 204.
struct http_answer {
    /// Where the body ends.
    enum length_type : unsigned char {
        known,     ///< `body` is all of it
        chunked,   ///< the last chunk says so; `body` is no part of it
        until_end  ///< with the connection; for a peer that speaks HTTP/1.0
    };

    unsigned status = 200;
    std::vector<http_header> headers = {};
    std::string body = {};
    std::string_view content_type = {};
    bool keep_alive = false;
    length_type length = known;
};

/// The answer as it goes on the wire. What a status calls for (`Allow`, `Upgrade`) is added:
/// `allowed` names the methods for a 405.
std::string to_text(const http_answer& a, std::string_view allowed = "GET");

}  // namespace aiflow
