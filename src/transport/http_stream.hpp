#pragma once

#include "aiflow/websocket.hpp"
#include "transport/byte_link.hpp"
#include "transport/http_answer.hpp"
#include "transport/http_request_reader.hpp"
#include "transport/timetable.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <memory>
#include <string_view>

namespace aiflow {

/// The server's side of a connection that speaks HTTP/1, until it becomes a WebSocket.
///
/// Thread safety: none; the socket's executor. One operation at a time, but `peer_gone` beside
/// another one; `abort` at any time.
/// Errors: in the results; throws nothing but `bad_alloc`.
/// Cancellation: terminal, total; drop the connection then.
class http_stream {
public:
    /// `times` must outlive it, and somebody has to watch them: a deadline is an entry there.
    http_stream(asio::generic::stream_protocol::socket socket, timetable& times,
                const stream_limits& limits);

    /// The TLS handshake. Errors: `tls_timeout`; others with a detail.
    asio::awaitable<std::optional<connect_failure>> secure(SSL_CTX* context, clock::time_point by);

    /// Reads the next request into `request`. A request that must not be served has been refused,
    /// and the connection is closed, when this completes with `upgrade_invalid`. Other errors:
    /// `upgrade_timeout`, `connection_lost` (also when the peer has simply gone), of the system.
    asio::awaitable<std::optional<connect_failure>> read(clock::time_point by);

    /// The same, but the body may be missing yet: `is_complete` tells, and `read` reads it. Until
    /// then a peer that waits for "100 Continue" goes on waiting, so that it can be refused before.
    asio::awaitable<std::optional<connect_failure>> read_header(clock::time_point by);

    bool is_complete() const noexcept { return reader_.is_complete(); }

    http_request& request() noexcept { return reader_.request(); }

    /// Answers. After an answer that does not keep the connection, the connection is closed.
    asio::awaitable<error_code> answer(http_answer a, std::string_view allowed = "GET");

    /// Begins an answer whose end is not known yet; `a.body` is empty. The connection serves
    /// nothing else behind it.
    asio::awaitable<error_code> begin(http_answer a);

    /// A piece of it. Errors: `timed_out` when the peer has not taken it by then; of the system.
    asio::awaitable<error_code> write(std::string_view piece, clock::time_point by);

    /// Ends the answer, and closes the connection.
    asio::awaitable<error_code> end();

    /// Completes when the peer will send no more; drops what it sends until then. Not for a
    /// connection from which another request is to be read.
    asio::awaitable<error_code> peer_gone();

    /// Answers the request with 101. It is a WebSocket then, and this object is spent.
    asio::awaitable<dial_result> upgrade(std::string key, std::vector<http_header> headers);

    /// Closes the socket; what is under way ends with an error.
    void abort() noexcept { link_.close(); }

private:
    enum class part : unsigned char { header, whole };

    asio::awaitable<std::optional<connect_failure>> read(part wanted, clock::time_point by);
    asio::awaitable<error_code> read_request(part wanted, clock::time_point by);
    asio::awaitable<error_code> send(std::string_view bytes, clock::time_point by);
    asio::awaitable<error_code> close_in_order();

    byte_link link_;
    timetable& times_;
    clock& time_;
    stream_limits limits_;
    http_request_reader reader_;
    bool answered_ = false;  // the request that the reader holds
    bool chunked_ = false;   // the answer that comes in pieces
};

}  // namespace aiflow
