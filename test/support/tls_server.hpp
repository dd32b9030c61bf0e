#pragma once

#include "loopback.hpp"
#include "test_certs.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow::test {

/// A server of OpenSSL's own. Accepts one connection and notes everything that comes out of the
/// encryption.
class tls_server {
public:
    using tuning = std::function<void(SSL_CTX*)>;

    tls_server(loopback& net, const certificate& c, const tuning& tune = {});

    void send(loopback& net, std::string_view bytes);
    void accept_upgrade(loopback& net, std::string_view behind);

    std::optional<error_code> handshake;
    std::string server_name;
    std::string received;

private:
    void read();

    asio::ssl::context context_;
    std::optional<asio::ssl::stream<asio::ip::tcp::socket>> stream_;
    std::array<char, 16384> buffer_{};
};

/// A certificate that signs others.
certificate authority(const char* name = "authority");

/// What a server's certificate is to say: "DNS:localhost,IP:127.0.0.1".
certificate_request named(const char* alternative_names);

}  // namespace aiflow::test
