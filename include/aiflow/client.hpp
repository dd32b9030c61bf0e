#pragma once

#include "aiflow/backoff.hpp"
#include "aiflow/clock.hpp"
#include "aiflow/handler.hpp"
#include "aiflow/log.hpp"
#include "aiflow/outbox.hpp"
#include "aiflow/session_options.hpp"
#include "aiflow/sms_statistics.hpp"
#include "aiflow/statistics.hpp"
#include "aiflow/websocket.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aiflow {

class client_loop;

/// Everything a client needs to know; each member has a default that suits a phone line.
struct client_options {
    /// `wss://host[:port]/path`, or `ws://` for loopback. Required.
    std::string url;
    /// Sent as `X-API-TOKEN` when not empty.
    secret token = {};
    std::vector<http_header> headers = {};
    std::string ca_file = {};
    bool allow_plain_text = false;  ///< see `dial_options`
    stream_limits limits = {};
    handshake_timeouts timeouts = {};

    backoff_options backoff = {};
    connection_options connection = {};
    session_options sessions = {};

    /// How long calls may go on after `stop`.
    std::chrono::milliseconds drain{20'000};

    logger log = {};
    /// The machine's when null. This and `store` have to last until `async_run` has completed or
    /// the context is destroyed: to destroy the client does not end it at once.
    clock* time = nullptr;
    /// Where SMS are kept; in memory when null. For this client alone, which sends what it finds
    /// there.
    outbox* store = nullptr;
    /// For delays and ids; taken from the system when absent.
    std::optional<std::uint64_t> seed = {};
};

/// What is wrong with the options, or nothing.
std::optional<problem> validate(const client_options& o);

/// The part of the options that says how to reach the peer.
dial_options dial_options_of(const client_options& o);

/// Where the client is.
enum class client_state : unsigned char { idle, connecting, open, waiting, stopping, stopped };

std::string_view to_string(client_state s) noexcept;

/// Why it is not connected, and what comes next.
struct client_status {
    client_state state = client_state::idle;
    connect_stage stage = connect_stage::resolve;      ///< while connecting
    std::optional<connect_failure> last_failure = {};  ///< since the last connection
    std::optional<stream_end> last_end = {};           ///< of the last connection
    unsigned failures = 0;                             ///< attempts in a row that failed
    clock::time_point next_attempt = {};               ///< while waiting
};

/// Holds one WebSocket to AI Flow open, for ever, and serves the calls that come over it.
///
/// Every way in which a connection can end leads to the same decision (see `backoff`); it never
/// gives up by itself. A lost connection's sessions have a grace period to return.
///
/// Thread safety: `stop` and `abort` from any thread. Everything else from the executor, which has
/// to run one thing at a time: an `io_context` that one thread runs, or a strand.
/// Lifetime: destroying it posts `abort`, so the context has to run for sessions and outcomes that
/// are still held to end; those become `session_over`. A handler that ignores its interruption goes
/// on after `async_run` has completed, and is destroyed when it is done.
class client {
public:
    /// Throws `failure` when the options are not valid.
    client(asio::any_io_executor executor, client_options options);
    client(asio::io_context& context, client_options options)
        : client(asio::any_io_executor(context.get_executor()), std::move(options))
    {
    }
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    asio::any_io_executor get_executor() const noexcept;

    /// Says who handles the calls. Call it once, before `async_run`.
    template <class Handler, class... Args>
    void serve(Args... args)
    {
        serve(make_handler_factory<Handler>(std::move(args)...));
    }
    void serve(handler_factory factory);

    /// Keeps connected until `stop`, `abort` or cancellation.
    /// Signature: `void(std::exception_ptr, error_code)`; the error is `storage_...` when the
    /// outbox could not be read, `asio::error::already_started` when it was called before, else
    /// none. What a custom `outbox::load` throws comes as the exception.
    /// Cancellation: of any type; as `abort`.
    template <class Token>
    auto async_run(Token&& token)
    {
        return asio::co_spawn(get_executor(), run(loop_), std::forward<Token>(token));
    }

    /// Lets calls end for `drain`, then closes with 1001; `async_run` completes. A second call is
    /// `abort`. Any thread.
    void stop();

    /// Drops the connection and ends every session at once; `async_run` completes. Any thread.
    void abort();

    /// The open session of that id, if there is one.
    std::optional<session> find(std::string_view session_id) const;

    /// Takes an SMS back. False when it is not known here, is settled, or something of it may be
    /// on its way already; true: its outcome is `cancelled`.
    bool cancel_sms(sms_id id);

    client_status status() const;
    session_statistics statistics() const;
    sms_statistics sms() const;

private:
    static asio::awaitable<error_code> run(std::shared_ptr<client_loop> loop);

    std::shared_ptr<client_loop> loop_;
};

}  // namespace aiflow
