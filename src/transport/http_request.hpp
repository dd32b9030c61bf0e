#pragma once

#include "aiflow/websocket.hpp"

#include <string>
#include <string_view>

namespace aiflow {

/// A request of HTTP/1 as it came. `target` and `headers` are those of its base.
struct http_request : upgrade_request {
    std::string method;
    std::string body = {};
    bool newest = true;       ///< HTTP/1.1; else 1.0
    bool keep_alive = false;  ///< the peer may send another one on this connection

    /// The target without its query.
    std::string_view path() const noexcept
    {
        return std::string_view(target).substr(0, target.find('?'));
    }

    /// How often a header is there, without regard to case; and its first value, or empty.
    std::size_t count(std::string_view name) const noexcept;
    std::string_view value(std::string_view name) const noexcept;

    /// Whether one of the headers of that name lists `token`, without regard to case.
    bool lists(std::string_view name, std::string_view token) const;
};

/// A request that must not be served: the status that says so, and why, for the log.
struct http_refusal {
    unsigned status = 0;  ///< 0: nothing is wrong
    std::string detail = {};
};

/// What is wrong with what has come of a request, whose end is still missing.
http_refusal check_partial_request(std::string_view bytes, const stream_limits& limits);

/// Reads a whole header (reliability.md S11, S12). The request is complete but for its body.
http_refusal read_request_header(std::string_view header, http_request& into);

}  // namespace aiflow
