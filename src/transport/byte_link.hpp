#pragma once

#include "aiflow/error.hpp"
#include "aiflow/message_stream.hpp"
#include "transport/tls_engine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aiflow {

/// A connected socket, with TLS or without, that never blocks: what cannot be done at once is
/// waited for, and then tried again. Counts what moves. Sockets of TCP and of the Unix domain both
/// become the generic kind by being moved.
///
/// Nothing is kept between two reads: they go through a buffer that all links of a thread share,
/// but for the small one of `async_receive`.
///
/// Thread safety: none; everything on the socket's executor.
class byte_link {
public:
    byte_link(asio::generic::stream_protocol::socket socket, clock& time);

    asio::any_io_executor get_executor() { return socket_.get_executor(); }

    /// The TLS handshake; from then on everything is encrypted. Cancellation: drop the link.
    asio::awaitable<error_code> secure(std::unique_ptr<tls_engine> engine);

    /// The reason of a failed handshake, for the log.
    std::string tls_detail() const { return tls_ ? tls_->detail() : std::string(); }

    /// Waits for bytes; what comes of it is to be given to `received`. Costs neither a coroutine
    /// while a connection is idle nor a system call to wait, which `readable` does. Does not notice
    /// an earlier cancellation. Cancellation: as `readable`.
    auto async_receive()
    {
        return socket_.async_receive(asio::buffer(first_), asio::as_tuple(asio::deferred));
    }

    /// The bytes that `async_receive` has brought, and all that have arrived behind them; as
    /// `receive`. Errors: also `operation_aborted`.
    error_code received(error_code ec, std::size_t size, std::string_view& bytes);

    /// Waits until there may be something to receive. Errors: of the system.
    /// Cancellation: terminal; completes with `operation_aborted`, and nothing is lost.
    asio::awaitable<error_code> readable();

    /// Waits until there may be room to send. As `readable`.
    asio::awaitable<error_code> writable();

    /// Takes what has arrived. `bytes` is valid until anything else happens on this thread; it can
    /// be empty without an error. Errors: `would_block`, `eof`, of the system, of OpenSSL; there
    /// may be bytes all the same.
    error_code receive(std::string_view& bytes);

    /// Takes as much of `bytes` as it can; tells how much. The kernel has all of that except what
    /// `unsent` is about. Errors: as `receive`.
    std::size_t send(std::string_view bytes, error_code& ec);

    /// Whether bytes that were taken have not left: TLS records that the kernel had no room for.
    bool unsent() const noexcept { return tls_ && !tls_->output().empty(); }

    /// Whether the peer's kernel has acknowledged every byte that was sent, without a reset since.
    bool peer_has_all();

    /// Completes what waits, with `operation_aborted`.
    void cancel();

    /// Sends everything. Cancellation: drop the link.
    asio::awaitable<error_code> send_all(std::string_view bytes);

    /// Lets the kernel keep what is sent from here on until `end_output`, so that both leave in one
    /// segment; or until `release`, which does nothing behind the end.
    void hold_for_end() noexcept { send_flags_ = MSG_MORE; }
    void release() noexcept;

    /// Says that nothing more will be sent. To be called when all is sent.
    void end_output();

    void close() noexcept;

    stream_activity activity() const noexcept { return activity_; }
    std::uint64_t bytes_under_way() noexcept;

private:
    error_code take(std::string_view raw, error_code ec, std::string_view& bytes);
    std::size_t send_raw(std::string_view bytes, error_code& ec);
    error_code flush_tls();

    asio::generic::stream_protocol::socket socket_;
    clock& time_;
    std::unique_ptr<tls_engine> tls_;
    stream_activity activity_;
    std::size_t tls_answers_ = 0;  ///< bytes of TLS' own that no write has taken along yet
    int send_flags_ = 0;
    bool waited_ = false;  ///< the last write found no room for all
    /// Holds most events as they come, and is kept by each connection.
    std::array<char, 384> first_;
};

}  // namespace aiflow
