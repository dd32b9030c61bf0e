#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/message_stream.hpp"
#include "aiflow/secret.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// Limits of one WebSocket (reliability.md section 2). The peer is cut off beyond them.
struct stream_limits {
    std::size_t message_bytes =
        std::size_t{1024} * 1024;          ///< a whole incoming message; close code 1009
    std::size_t message_fragments = 4096;  ///< frames of one message; close code 1008
    std::size_t header_bytes = std::size_t{16} * 1024;  ///< of the HTTP handshake in all
};

/// Time limits of the way to an open WebSocket.
struct handshake_timeouts {
    std::chrono::milliseconds resolve{10'000};
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds tls{10'000};
    std::chrono::milliseconds upgrade{10'000};
    std::chrono::milliseconds total{20'000};
};

struct http_header {
    std::string name;
    std::string value;
};

/// How to reach the peer.
struct dial_options {
    std::string url;    ///< `wss://host[:port]/path`; `ws://` for loopback only, see below
    secret token = {};  ///< sent as `X-API-TOKEN`; none when empty
    std::vector<http_header> headers = {};  ///< further request headers
    std::string ca_file = {};               ///< PEM; instead of the system's certificates
    bool allow_plain_text = false;  ///< permits `ws://` to a host that is not loopback: anybody on
                                    ///< the way can read the calls and the token
    stream_limits limits = {};
    handshake_timeouts timeouts = {};
};

/// What is wrong with the options, or nothing: URL, headers, limits, time limits, CA file.
std::optional<problem> validate(const dial_options& options);

/// The step at which a connection is, or at which it failed.
enum class connect_stage : unsigned char { resolve, tcp, tls, upgrade, open };

std::string_view to_string(connect_stage s) noexcept;

/// Why a connection could not be opened.
struct connect_failure {
    connect_stage stage = connect_stage::resolve;
    error_code error;
    unsigned http_status = 0;  ///< of the answer to the upgrade; 0 when there was none
    std::optional<std::chrono::seconds> retry_after = {};  ///< of a 429 or 503, 1 s to 5 min
    std::string detail = {};  ///< for the log; escaped, without secrets

    bool operator==(const connect_failure&) const = default;
};

/// "upgrade: HTTP 401 (…)", for logs.
std::string to_string(const connect_failure& f);

/// Makes `dial_result::value()` throw `failure`.
[[noreturn]] void throw_exception_from_error(const connect_failure& f,
                                             const boost::source_location&);

using dial_result = boost::system::result<std::unique_ptr<message_stream>, connect_failure>;

/// Opens a WebSocket: resolves anew, tries every address, verifies the certificate's chain and
/// name, and only then sends the request. Follows no redirect; accepts no extension and no
/// subprotocol.
///
/// Runs on the calling coroutine's executor, which becomes the stream's.
/// The system's resolver cannot be interrupted: a look-up that takes too long is left behind, and
/// the context's destructor waits for it.
/// Errors: in the result; throws nothing but `bad_alloc`.
/// Cancellation: terminal, total; completes with `operation_aborted`.
/// Lifetime: `time` must outlive the stream. Give `options` a name: GCC 12 destroys a
/// `dial_options{...}` that is written inside a `co_await` twice.
asio::awaitable<dial_result> dial(clock& time, dial_options options);

/// The request that asks for an upgrade, for whoever decides about it.
struct upgrade_request {
    std::string target;  ///< path and query, as sent
    std::vector<http_header> headers;
};

/// The answer to an upgrade: 101 accepts, everything else refuses and closes.
struct upgrade_answer {
    unsigned status = 101;
    std::vector<http_header> headers = {};
};

using upgrade_decision = std::function<upgrade_answer(const upgrade_request&)>;

struct accept_options {
    upgrade_decision decide = {};  ///< every valid upgrade is accepted when empty
    stream_limits limits = {};
    std::chrono::milliseconds upgrade_timeout{10'000};
};

/// Accepts a WebSocket on a connected plain TCP socket, whose executor becomes the stream's.
/// Checks of the request itself: RFC 6455 4.2.1 and reliability.md S11, S12.
/// Errors, cancellation, lifetime: as `dial`.
asio::awaitable<dial_result> accept(asio::ip::tcp::socket socket, clock& time,
                                    accept_options options);

}  // namespace aiflow
