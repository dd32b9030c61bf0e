#pragma once

#include "loopback.hpp"

#include <boost/asio/generic/stream_protocol.hpp>

#include <array>
#include <string>
#include <string_view>

namespace aiflow::test {

/// A peer that sends any bytes and notes what it gets: for everything that a WebSocket library
/// would not do.
class raw_peer {
public:
    /// Takes the next connection to `net`.
    static raw_peer accepting(loopback& net);

    /// Connects to `net`, whose other end is `server_side`.
    static raw_peer connecting(loopback& net, std::optional<asio::ip::tcp::socket>& server_side);

    raw_peer(loopback& net, asio::generic::stream_protocol::socket socket);
    raw_peer(raw_peer&&) noexcept = default;
    ~raw_peer();

    void send(std::string_view bytes);

    /// Everything received so far.
    const std::string& received() const { return state_->received; }
    bool ended() const { return state_->ended; }
    bool was_reset() const { return state_->reset; }

    /// Waits for bytes; false when they never come.
    bool receives(std::string_view bytes);
    bool sees_end();

    /// Waits for the upgrade request and accepts it, with further header lines; `behind` follows in
    /// the same segment. Forgets the request and returns it.
    std::string accept_upgrade(std::string_view behind = {}, std::string_view headers = {});

    /// Sends an upgrade request, with `behind` in the same segment.
    void request_upgrade(std::string_view behind = {});

    void forget() { state_->received.clear(); }
    /// Leaves in the kernel what comes from now on.
    void stop_reading() { state_->reading = false; }
    void read_again();
    /// Has the kernel acknowledge what has come, instead of waiting for company.
    void acknowledge();
    void half_close();
    void reset();
    void close();

private:
    struct state {
        explicit state(asio::generic::stream_protocol::socket s) : socket(std::move(s)) {}

        asio::generic::stream_protocol::socket socket;
        std::string received;
        std::array<char, 16384> buffer;
        bool reading = true;
        bool waiting = false;  ///< in a read
        bool ended = false;
        bool reset = false;
    };

    static void read(std::shared_ptr<state> s);

    loopback& net_;
    std::shared_ptr<state> state_;
};

/// A frame, masked with a fixed key when `masked`.
std::string frame(unsigned char first_byte, std::string_view payload, bool masked);

/// What a server sends, and what a client sends.
std::string server_frame(unsigned char first_byte, std::string_view payload);
std::string client_frame(unsigned char first_byte, std::string_view payload);

/// A close frame's payload.
std::string close_payload(unsigned code, std::string_view reason = {});

/// First bytes of a frame: FIN and opcode.
inline constexpr unsigned char fin = 0x80;
inline constexpr unsigned char text_frame = 0x81;
inline constexpr unsigned char binary_frame = 0x82;
inline constexpr unsigned char close_frame = 0x88;
inline constexpr unsigned char ping_frame = 0x89;
inline constexpr unsigned char pong_frame = 0x8a;
inline constexpr unsigned char text_begin = 0x01;
inline constexpr unsigned char continued = 0x00;

/// The payload of the first frame in `bytes`, unmasked.
std::string first_payload(std::string_view bytes);

inline constexpr std::string_view upgrade_request_text =
    "GET /calls HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

}  // namespace aiflow::test
