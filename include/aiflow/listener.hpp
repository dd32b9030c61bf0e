#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/handler.hpp"
#include "aiflow/log.hpp"
#include "aiflow/outbox.hpp"
#include "aiflow/secret.hpp"
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
#include <vector>

namespace aiflow {

class listener_loop;

/// Everything a listener needs to know; the defaults suit a service behind a proxy on this machine.
struct listener_options {
    std::string address = "127.0.0.1";  ///< an IP address; `0.0.0.0` and `::` take every one
    std::uint16_t port = 8080;          ///< 0: any free one, see `listener::port`
    /// A socket that listens already, as systemd hands it over; instead of `address` and `port`.
    /// The listener closes it.
    std::optional<int> descriptor = {};
    /// Several listeners, each with its own `io_context` and thread, share the port; the kernel
    /// spreads connections over them. They share nothing else.
    bool share_port = false;

    std::string path = "/ws";  ///< of the WebSocket; a query is ignored
    /// Where events may be posted by HTTP; empty: nowhere. May be the same as `path`.
    std::string http_path = {};
    std::string health_path = "/healthz";  ///< answers 200, without a token; empty: none

    /// One of them has to come as `X-API-TOKEN`; two, while one replaces the other. Without any the
    /// listener opens on loopback addresses only.
    std::vector<secret> tokens = {};
    std::vector<std::string> origins = {};  ///< values of `Origin` that are let in; usually none

    std::string certificate_file = {};  ///< PEM, the server's own first; plain text when empty
    std::string key_file = {};          ///< PEM

    stream_limits limits = {};
    std::chrono::milliseconds tls_timeout{10'000};
    std::chrono::milliseconds request_timeout{10'000};  ///< from the first byte to a whole request
    std::chrono::milliseconds http_idle{60'000};        ///< between two requests of a connection
    std::chrono::milliseconds answer_within{800};       ///< an event by HTTP; see `http_path`

    std::size_t max_connections = 1024;  ///< further ones are refused with 503
    std::size_t max_strangers = 64;      ///< that have not shown a token yet; the oldest has to go

    connection_options connection = {};
    session_options sessions = {};

    /// How long calls may go on after `stop`.
    std::chrono::milliseconds drain{20'000};

    logger log = {};
    /// The machine's when null. This and `store` have to last until `async_run` has completed or
    /// the context is destroyed: to destroy the listener does not end it at once.
    clock* time = nullptr;
    /// Where SMS are kept; in memory when null. For this listener alone, which sends what it finds
    /// there.
    outbox* store = nullptr;
    /// For delays and ids; taken from the system when absent.
    std::optional<std::uint64_t> seed = {};
};

/// What is wrong with the options, or nothing. Reads the certificate and its key.
std::optional<problem> validate(const listener_options& o);

/// Where the listener is.
enum class listener_state : unsigned char { idle, listening, stopping, stopped };

std::string_view to_string(listener_state s) noexcept;

/// A snapshot; counters only grow.
struct listener_status {
    listener_state state = listener_state::idle;
    std::size_t open = 0;       ///< connections of any kind, those in their handshake included
    std::size_t strangers = 0;  ///< of them, without a request that was let in
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  ///< by status, by time, by limit, or in the TLS handshake
};

/// Takes the connections that AI Flow opens (protocol.md 1.1), and serves the calls on them.
///
/// A connection that was accepted is the same as one that a `client` has dialled: handlers,
/// sessions, pings and SMS make no difference. Sessions are keyed by their id alone, so a call goes
/// on over whichever connection its next event comes.
///
/// HTTP (`http_path`): one event a request. What the handler sends before it has nothing left to
/// do, but within `answer_within`, is the answer: an action, an array of them, or 204. What it
/// sends later goes with the answer to the session's next event, a repeated SMS too; when the
/// session ends first, it is dropped, and an SMS among it ends as `abandoned`.
///
/// Thread safety: `stop` and `abort` from any thread. Everything else from the executor, which has
/// to run one thing at a time: an `io_context` that one thread runs, or a strand.
/// Lifetime: destroying it closes the port and posts `abort`, so the context has to run for
/// sessions and outcomes that are still held to end; those become `session_over`. A handler that
/// ignores its interruption goes on after `async_run` has completed, and is destroyed when it is
/// done.
class listener {
public:
    /// Throws `failure` when the options are not valid.
    listener(asio::any_io_executor executor, listener_options options);
    listener(asio::io_context& context, listener_options options)
        : listener(asio::any_io_executor(context.get_executor()), std::move(options))
    {
    }
    ~listener();
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    asio::any_io_executor get_executor() const noexcept;

    /// Says who handles the calls. Call it once, before `async_run`.
    template <class Handler, class... Args>
    void serve(Args... args)
    {
        serve(make_handler_factory<Handler>(std::move(args)...));
    }
    void serve(handler_factory factory);

    /// Takes the port. `async_run` does it too, if it has not been done: call it before to learn
    /// early that the address is not available. Errors: of the system, in words.
    checked<void> open();

    /// The port, after `open`.
    std::uint16_t port() const noexcept;

    /// Serves until `stop`, `abort` or cancellation.
    /// Signature: `void(std::exception_ptr, error_code)`; the error is that of `open` or of the
    /// outbox, `asio::error::already_started` when it was called before, else none. What a custom
    /// `outbox::load` throws comes as the exception.
    /// Cancellation: of any type; as `abort`.
    template <class Token>
    auto async_run(Token&& token)
    {
        return asio::co_spawn(get_executor(), run(loop_), std::forward<Token>(token));
    }

    /// Takes no further connection, lets calls end for `drain`, then closes with 1001; `async_run`
    /// completes. A second call is `abort`. Any thread.
    void stop();

    /// Drops every connection and ends every session at once; `async_run` completes. Any thread.
    void abort();

    /// Reads the certificate and its key again, for new connections. When they are not usable, the
    /// ones in use stay.
    checked<void> reload_certificate();

    /// What would be wrong with them as its tokens, or nothing.
    std::optional<problem> check_tokens(const std::vector<secret>& tokens) const;

    /// Replaces the tokens, for new connections. Error: as `validate`; the old ones stay.
    checked<void> replace_tokens(std::vector<secret> tokens);

    /// The open session of that id, if there is one.
    std::optional<session> find(std::string_view session_id) const;

    /// Takes an SMS back. False when it is not known here, is settled, or something of it may be
    /// on its way already; true: its outcome is `cancelled`.
    bool cancel_sms(sms_id id);

    listener_status status() const;
    session_statistics statistics() const;
    sms_statistics sms() const;

private:
    static asio::awaitable<error_code> run(std::shared_ptr<listener_loop> loop);

    std::shared_ptr<listener_loop> loop_;
};

}  // namespace aiflow
