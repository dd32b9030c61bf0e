#pragma once

#include "aiflow/error.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

/// How large an answer may be.
struct http_answer_limits {
    std::size_t header_bytes = std::size_t{16} * 1024;
    std::size_t body_bytes = std::size_t{4} * 1024 * 1024;
};

/// A whole answer of HTTP/1.
struct received_answer {
    unsigned status = 0;
    std::string body = {};
    bool keep_alive = false;  ///< another request may be sent on this connection
};

/// Reads the answer to one request, in whatever pieces it comes: by its length, chunked, or until
/// the end of the connection. Answers that only announce another one (1xx) are skipped.
///
/// Thread safety: none. No I/O.
class http_answer_reader {
public:
    explicit http_answer_reader(const http_answer_limits& limits);

    enum class progress : unsigned char {
        more,       ///< give it more bytes
        complete,   ///< `answer` is whole
        too_large,  ///< larger than the limits
        not_http,   ///< not an answer of HTTP/1
        cut_short,  ///< the connection has ended in the middle, or before anything came
    };

    /// Takes bytes as they came.
    progress feed(std::string_view bytes);

    /// The connection has ended.
    progress end();

    /// Whether any byte of an answer has come.
    bool begun() const noexcept { return begun_; }

    received_answer& answer() noexcept { return answer_; }

private:
    using parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

    void next_answer();
    progress take(std::string_view& left);
    progress finish(std::string_view left);
    static progress progress_of(const error_code& ec);

    http_answer_limits limits_;
    std::string pending_;
    std::optional<parser> parser_;
    received_answer answer_;
    bool begun_ = false;
};

}  // namespace aiflow
