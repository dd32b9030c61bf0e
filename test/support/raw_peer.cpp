#include "raw_peer.hpp"

#include "transport/handshake_key.hpp"

#include <boost/asio/write.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <stdexcept>

namespace aiflow::test {

using tcp = asio::ip::tcp;

raw_peer::raw_peer(loopback& net, asio::generic::stream_protocol::socket socket)
    : net_(net), state_(std::make_shared<state>(std::move(socket)))
{
    read(state_);
}

raw_peer raw_peer::accepting(loopback& net)
{
    return {net, net.accept_socket()};
}

raw_peer raw_peer::connecting(loopback& net, std::optional<tcp::socket>& server_side)
{
    tcp::socket socket(net.io);
    socket.connect(net.acceptor.local_endpoint());
    server_side.emplace(net.accept_socket());
    return {net, std::move(socket)};
}

raw_peer::~raw_peer()
{
    if (state_)
        close();
}

void raw_peer::read(std::shared_ptr<state> s)
{
    auto& socket = s->socket;
    auto buffer = asio::buffer(s->buffer);
    s->waiting = true;
    socket.async_read_some(buffer, [s = std::move(s)](error_code ec, std::size_t n) {
        s->waiting = false;
        s->received.append(s->buffer.data(), n);
        if (!ec && s->reading)
            return read(s);
        if (!ec)
            return;
        s->ended = true;
        s->reset = ec == asio::error::connection_reset;
    });
}

void raw_peer::send(std::string_view bytes)
{
    // Asynchronously, because the other end of the socket lives in this thread as well.
    bool done = false;
    asio::async_write(state_->socket, asio::buffer(bytes),
                      [&](error_code, std::size_t) { done = true; });
    if (!net_.until([&] { return done; }))
        throw std::runtime_error("the peer does not read");
}

bool raw_peer::receives(std::string_view bytes)
{
    return net_.until([&] { return received().find(bytes) != std::string::npos || ended(); }) &&
           received().find(bytes) != std::string::npos;
}

bool raw_peer::sees_end()
{
    return net_.until([&] { return ended(); });
}

std::string raw_peer::accept_upgrade(std::string_view behind, std::string_view headers)
{
    if (!receives("\r\n\r\n"))
        throw std::runtime_error("no upgrade request came");
    std::string request = received();
    forget();
    constexpr std::string_view name = "Sec-WebSocket-Key: ";
    const auto at = request.find(name);
    const auto key = request.substr(at + name.size(), 24);
    send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         accept_for(key) + "\r\n" + std::string(headers) + "\r\n" + std::string(behind));
    return request;
}

void raw_peer::request_upgrade(std::string_view behind)
{
    send(std::string(upgrade_request_text) + std::string(behind));
}

void raw_peer::read_again()
{
    state_->reading = true;
    if (!state_->waiting)
        read(state_);
}

void raw_peer::acknowledge()
{
    const int now = 1;
    ::setsockopt(state_->socket.native_handle(), IPPROTO_TCP, TCP_QUICKACK, &now, sizeof now);
}

void raw_peer::half_close()
{
    state_->socket.shutdown(tcp::socket::shutdown_send);
}

void raw_peer::reset()
{
    state_->socket.set_option(tcp::socket::linger(true, 0));
    close();
}

void raw_peer::close()
{
    error_code ignored;
    state_->socket.close(ignored);
}

std::string frame(unsigned char first_byte, std::string_view payload, bool masked)
{
    std::string out(1, static_cast<char>(first_byte));
    const unsigned mask_bit = masked ? 0x80 : 0;
    const auto size = payload.size();
    const unsigned extended = size < 126 ? 0 : size < 65536 ? 2 : 8;
    const std::size_t shown = extended == 0 ? size : extended == 2 ? 126 : 127;
    out += static_cast<char>(mask_bit | shown);
    for (unsigned i = extended; i > 0; --i)
        out += static_cast<char>(size >> (8 * (i - 1)));
    constexpr std::string_view mask = "\x11\x22\x33\x44";
    if (masked)
        out += mask;
    for (std::size_t i = 0; i < size; ++i)
        out += static_cast<char>(masked ? payload[i] ^ mask[i % 4] : payload[i]);
    return out;
}

std::string server_frame(unsigned char first_byte, std::string_view payload)
{
    return frame(first_byte, payload, false);
}

std::string client_frame(unsigned char first_byte, std::string_view payload)
{
    return frame(first_byte, payload, true);
}

std::string close_payload(unsigned code, std::string_view reason)
{
    std::string out;
    out += static_cast<char>(code >> 8U);
    out += static_cast<char>(code & 0xffU);
    out += reason;
    return out;
}

std::string first_payload(std::string_view bytes)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes.at(i)); };
    const bool masked = (byte(1) & 0x80U) != 0;
    std::size_t size = byte(1) & 0x7fU;
    std::size_t at = 2;
    if (size == 126) {
        size = std::size_t{byte(2)} << 8U | byte(3);
        at = 4;
    }
    std::string mask(4, '\0');
    if (masked) {
        mask = bytes.substr(at, 4);
        at += 4;
    }
    std::string out(bytes.substr(at, size));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<char>(out[i] ^ mask[i % 4]);
    return out;
}

}  // namespace aiflow::test
