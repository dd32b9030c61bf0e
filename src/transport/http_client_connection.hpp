#pragma once

#include "aiflow/clock.hpp"
#include "transport/byte_link.hpp"
#include "transport/http_answer_reader.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace aiflow {

/// Why a request got no answer.
enum class http_fault : unsigned char {
    none,
    untaken,    ///< the connection was dead before the peer took the request: nobody has read it
    lost,       ///< the connection ended without a whole answer; the request may have been read
    late,       ///< no whole answer in time
    too_large,  ///< the answer is larger than the limits
    not_http,   ///< what came is not an answer of HTTP/1
    cancelled,
};

/// In words, for logs: "the connection ended without an answer".
std::string_view to_string(http_fault f) noexcept;

/// What has become of one request.
struct http_exchange {
    http_fault fault = http_fault::none;
    received_answer answer = {};  ///< when there was no fault
};

/// The client's side of a connection that speaks HTTP/1.1, one request after the other. Follows no
/// redirect.
///
/// Thread safety: none; the link's executor. One exchange at a time.
/// Lifetime: `time` must outlive it.
class http_client_connection {
public:
    http_client_connection(std::unique_ptr<byte_link> link, clock& time)
        : link_(std::move(link)), time_(time)
    {
    }

    /// Sends a request and reads the answer to its end. After a fault, and after an answer without
    /// `keep_alive`, the connection is closed.
    ///
    /// Errors: in the result; throws nothing but `bad_alloc`.
    /// Cancellation: terminal, total; `cancelled`.
    asio::awaitable<http_exchange> exchange(std::string request, http_answer_limits limits,
                                            clock::time_point by);

    /// Whether another request can be sent: the peer has not closed, and has said nothing that it
    /// was not asked. To be called between two exchanges.
    bool idle();

private:
    asio::awaitable<error_code> send_and_read(std::string_view request, http_answer_reader& reader,
                                              http_fault& fault);
    http_fault fault_at_end(const http_answer_reader& reader, const error_code& ec);

    std::unique_ptr<byte_link> link_;
    clock& time_;
    bool open_ = true;
};

}  // namespace aiflow
