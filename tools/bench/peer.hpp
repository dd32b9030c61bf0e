#pragma once

#include "bench/figures.hpp"
#include "bench/frames.hpp"
#include "bench/sockets.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace aiflow::bench {

/// The driver's end of one connection. It only moves bytes; the driver decides.
///
/// What is sent is collected until `flush`, which hands all of it over in one call (with TLS, one
/// for each record).
class peer {
public:
    enum class state : unsigned char { handshake, open, closed };

    /// `ssl`: null for plain TCP. `dialled`: a client, so that it masks what it sends.
    peer(descriptor socket, SSL* ssl, bool dialled);

    void send_text(std::string_view text) { append_frame(out_, opcode::text, text, dialled_); }
    void send(opcode op, std::string_view data) { append_frame(out_, op, data, dialled_); }
    /// Where ready-made frames, and the handshake, are appended to.
    std::string& out() noexcept { return out_; }

    /// False when the connection is lost.
    bool flush();
    /// Whether `flush` has to be called again when the kernel has room.
    bool waits_for_room() const noexcept
    {
        return ssl_ == nullptr ? written_ < out_.size() : ssl_waits_;
    }
    /// Whether all that was sent is with the kernel.
    bool idle() const noexcept { return out_.empty(); }

    enum class got : unsigned char { bytes, nothing, end };

    /// Reads once into `buffer`, as much as there is.
    got read(std::span<char> buffer, std::span<char>& data);

    /// Whether the end came behind the bytes of the last `read`.
    bool at_end() const noexcept { return at_end_; }

    int fd() const noexcept { return socket_.get(); }
    bool dialled() const noexcept { return dialled_; }
    bool encrypted() const noexcept { return ssl_ != nullptr; }
    void drop() noexcept;

    state now = state::handshake;
    std::string head;  ///< of the handshake, until it is whole
    frame_scanner scanner;
    bool room_is_watched = false;  ///< what epoll was told
    bool close_sent = false;
    bool close_received = false;

    std::uint64_t call = 0;      ///< for the run that uses it
    unsigned step = 0;           ///< the same
    steady::time_point asked{};  ///< the same

private:
    descriptor socket_;
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    bool dialled_;
    bool ssl_waits_ = false;
    bool at_end_ = false;
    std::string out_;
    std::size_t written_ = 0;
};

}  // namespace aiflow::bench
