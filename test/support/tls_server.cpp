#include "tls_server.hpp"

#include "transport/handshake_key.hpp"

#include <boost/asio/write.hpp>

#include <stdexcept>

namespace aiflow::test {

namespace ssl = asio::ssl;

tls_server::tls_server(loopback& net, const certificate& c, const tuning& tune)
    : context_(ssl::context::tls_server)
{
    SSL_CTX_set_security_level(context_.native_handle(), 0);
    SSL_CTX_use_certificate(context_.native_handle(), c.x509.get());
    SSL_CTX_use_PrivateKey(context_.native_handle(), c.key.get());
    if (tune)
        tune(context_.native_handle());
    net.acceptor.async_accept([this](error_code ec, asio::ip::tcp::socket socket) {
        if (ec)
            return;
        stream_.emplace(std::move(socket), context_);
        stream_->async_handshake(ssl::stream_base::server, [this](error_code result) {
            handshake = result;
            const char* sent =
                SSL_get_servername(stream_->native_handle(), TLSEXT_NAMETYPE_host_name);
            server_name = sent != nullptr ? sent : "";
            if (!result)
                read();
        });
    });
}

void tls_server::send(loopback& net, std::string_view bytes)
{
    bool done = false;
    asio::async_write(*stream_, asio::buffer(bytes), [&](error_code, std::size_t) { done = true; });
    if (!net.until([&] { return done; }))
        throw std::runtime_error("the client does not read");
}

void tls_server::accept_upgrade(loopback& net, std::string_view behind)
{
    if (!net.until([&] { return received.ends_with("\r\n\r\n"); }))
        throw std::runtime_error("no upgrade request came");
    constexpr std::string_view name = "Sec-WebSocket-Key: ";
    const auto key = received.substr(received.find(name) + name.size(), 24);
    received.clear();
    send(net, "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: " +
                  accept_for(key) + "\r\n\r\n" + std::string(behind));
}

void tls_server::read()
{
    stream_->async_read_some(asio::buffer(buffer_), [this](error_code ec, std::size_t n) {
        received.append(buffer_.data(), n);
        if (!ec)
            read();
    });
}

certificate authority(const char* name)
{
    certificate_request r;
    r.common_name = name;
    r.is_authority = true;
    return make_certificate(r, nullptr);
}

certificate_request named(const char* alternative_names)
{
    certificate_request r;
    r.alternative_names = alternative_names;
    return r;
}

}  // namespace aiflow::test
