#pragma once

#include "transport/http_request.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// Reads one request of HTTP/1, in whatever pieces it comes: by its length, or chunked.
///
/// Thread safety: none. No I/O.
class http_request_reader {
public:
    /// `limits.header_bytes` and `limits.message_bytes`, the latter of the body.
    explicit http_request_reader(const stream_limits& limits) : limits_(limits) {}

    enum class progress : unsigned char {
        more,      ///< give it more bytes, of the header
        body,      ///< the same, of the body: all but that is in `request`
        complete,  ///< `request` is whole
        refused,   ///< `refusal` says why
    };

    /// Takes bytes as they came.
    progress feed(std::string_view bytes);

    /// Whether the peer waits for a "100 Continue" before it sends the body. True once.
    bool wants_continue();

    /// Whether `request` is whole, with its body.
    bool is_complete() const noexcept { return complete_; }

    http_request& request() noexcept { return request_; }
    const http_refusal& refusal() const noexcept { return refusal_; }

    /// What came behind the request; empty until it is complete.
    std::string_view rest() const noexcept { return pending_; }

    /// Begins the next request with what came behind this one.
    progress next();

private:
    progress read_header();
    progress read_body();
    progress take_body(std::string_view& left);
    progress refuse(http_refusal why);

    stream_limits limits_;
    std::string pending_;
    http_request request_;
    http_refusal refusal_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    bool complete_ = false;
    bool expects_continue_ = false;
};

}  // namespace aiflow
