// Certificates and TLS, against a server of OpenSSL's own.
#include "raw_peer.hpp"
#include "test_certs.hpp"
#include "transport/handshake_key.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <string>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;
namespace ssl = asio::ssl;

namespace {

// Accepts one connection and notes everything that comes out of the encryption.
class tls_server {
public:
    using tuning = std::function<void(SSL_CTX*)>;

    tls_server(loopback& net, const certificate& c, const tuning& tune = {})
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

    void send(loopback& net, std::string_view bytes)
    {
        bool done = false;
        asio::async_write(*stream_, asio::buffer(bytes),
                          [&](error_code, std::size_t) { done = true; });
        BOOST_REQUIRE(net.until([&] { return done; }));
    }

    void accept_upgrade(loopback& net, std::string_view behind)
    {
        BOOST_REQUIRE(net.until([&] { return received.ends_with("\r\n\r\n"); }));
        constexpr std::string_view name = "Sec-WebSocket-Key: ";
        const auto key = received.substr(received.find(name) + name.size(), 24);
        received.clear();
        send(net, "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: " +
                      accept_for(key) + "\r\n\r\n" + std::string(behind));
    }

    std::optional<error_code> handshake;
    std::string server_name;
    std::string received;

private:
    void read()
    {
        stream_->async_read_some(asio::buffer(buffer_), [this](error_code ec, std::size_t n) {
            received.append(buffer_.data(), n);
            if (!ec)
                read();
        });
    }

    ssl::context context_;
    std::optional<ssl::stream<asio::ip::tcp::socket>> stream_;
    std::array<char, 16 * 1024> buffer_{};
};

certificate authority(const char* name = "authority")
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

dial_options secure(const loopback& net, const pem_file& ca, const char* host)
{
    dial_options o;
    o.url = "wss://" + std::string(host) + ":" + std::to_string(net.port()) + "/calls";
    o.token = secret("hunter2");
    o.ca_file = ca.path();
    return o;
}

// What becomes of a dial to `host` when the server has `c`.
connect_failure dial_server_with(const certificate& c, const certificate& trusted, const char* host,
                                 const tls_server::tuning& tune = {})
{
    loopback net;
    const pem_file ca(trusted);
    tls_server server(net, c, tune);
    const auto result = net.run(dial(net.time, secure(net, ca, host)));
    BOOST_REQUIRE(net.until([&] { return server.handshake.has_value(); }));
    // Not one byte of the request, and so no token, before the certificate was checked.
    BOOST_TEST(server.received == "");
    BOOST_REQUIRE(!result);
    BOOST_TEST(to_string(result.error().stage) == "tls");
    BOOST_TEST(to_string(result.error()).find("hunter2") == std::string::npos);
    return result.error();
}

asio::awaitable<std::string> next_text(message_stream& s)
{
    const auto batch = co_await s.read();
    if (!batch)
        co_return batch.error().message();
    co_return std::string(batch->front().data);
}

asio::awaitable<write_result> write_texts(message_stream& s, std::vector<std::string> texts)
{
    std::vector<outgoing_message> batch;
    for (const auto& t : texts)
        batch.push_back({outgoing_message::text, t});
    co_return co_await s.write(batch);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_tls)

BOOST_AUTO_TEST_CASE(messages_both_ways)
{
    const auto ca = authority();
    const pem_file file(ca);
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        loopback net;
        tls_server server(net, make_certificate(named("DNS:localhost"), &ca),
                          [=](SSL_CTX* c) { SSL_CTX_set_max_proto_version(c, version); });
        auto dialled = net.start(dial(net.time, secure(net, file, "localhost")));
        server.accept_upgrade(net, server_frame(text_frame, "early"));
        BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
        auto stream = std::move(dialled.get().value());
        BOOST_TEST(server.server_name == "localhost");
        BOOST_TEST(net.run(next_text(*stream)) == "early");

        const std::string large(1024 * 1024, 'x');
        auto reading = net.start(next_text(*stream));
        server.send(net, server_frame(text_frame, large));
        BOOST_REQUIRE(net.until([&] { return reading.done(); }));
        BOOST_TEST((reading.get() == large));

        const auto written = net.run(write_texts(*stream, {"small", large}));
        BOOST_TEST(!written.error);
        BOOST_TEST(written.first_untouched == 2U);
        BOOST_REQUIRE(net.until([&] { return server.received.size() == large.size() + 25; }));
        BOOST_TEST(first_payload(server.received) == "small");

        server.received.clear();
        auto closing = net.start(closed(*stream, 1000, "bye", net.time.now() + 5s));
        BOOST_REQUIRE(net.until([&] { return server.received.size() == 11; }));
        BOOST_TEST(first_payload(server.received) == close_payload(1000, "bye"));
        server.send(net, server_frame(close_frame, close_payload(1000)));
        net.time.advance(5s);
        BOOST_TEST(net.until([&] { return closing.done(); }));
        BOOST_TEST(stream->end().close_code == 1000);
    }
}

BOOST_AUTO_TEST_CASE(an_address_needs_an_address_in_the_certificate_and_no_name_is_sent)
{
    const auto ca = authority();
    const pem_file file(ca);
    loopback net;
    tls_server server(net, make_certificate(named("IP:127.0.0.1"), &ca));
    auto dialled = net.start(dial(net.time, secure(net, file, "127.0.0.1")));
    server.accept_upgrade(net, "");
    BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    BOOST_TEST(dialled.get().has_value());
    BOOST_TEST(server.server_name == "");
}

BOOST_AUTO_TEST_CASE(certificates_that_do_not_verify)
{
    const auto ca = authority();
    const auto other = authority("somebody else");
    certificate_request middle;
    middle.common_name = "middle";
    middle.is_authority = true;
    const auto intermediate = make_certificate(middle, &ca);

    auto expired = named("DNS:localhost");
    expired.valid_from_s = -7200;
    expired.valid_to_s = -60;
    auto early = named("DNS:localhost");
    early.valid_from_s = 3600;
    early.valid_to_s = 7200;
    auto weak = named("DNS:localhost");
    weak.rsa_bits = 1024;
    certificate_request only_common_name;
    only_common_name.common_name = "localhost";

    struct {
        certificate c;
        const char* host;
        const char* detail;
    } const cases[] = {
        {make_certificate(expired, &ca), "localhost", "expired ("},
        {make_certificate(early, &ca), "localhost", "not yet valid ("},
        {make_certificate(named("DNS:localhost"), nullptr), "localhost", "self-signed ("},
        {make_certificate(named("DNS:example.com"), &ca), "localhost", "wrong host ("},
        {make_certificate(named("DNS:*"), &ca), "localhost", "wrong host ("},
        {make_certificate(only_common_name, &ca), "localhost", "wrong host ("},
        {make_certificate(named("DNS:127.0.0.1"), &ca), "127.0.0.1", "wrong host ("},
        {make_certificate(named("IP:127.0.0.2"), &ca), "127.0.0.1", "wrong host ("},
        {make_certificate(named("DNS:localhost"), &other), "localhost", "unknown CA ("},
        {make_certificate(named("DNS:localhost"), &intermediate), "localhost", "unknown CA ("},
        {make_certificate(weak, &ca), "localhost", "not valid ("},
    };
    for (const auto& c : cases) {
        const auto f = dial_server_with(c.c, ca, c.host);
        BOOST_TEST(f.error == make_error_code(errc::certificate_rejected));
        BOOST_TEST(f.detail.starts_with(c.detail), f.detail << " is not " << c.detail);
    }
}

BOOST_AUTO_TEST_CASE(old_versions_are_refused)
{
    const auto ca = authority();
    const auto c = make_certificate(named("DNS:localhost"), &ca);
    const auto f = dial_server_with(c, ca, "localhost", [](SSL_CTX* context) {
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
    });
    BOOST_TEST(f.error.failed());
    BOOST_TEST(f.error != make_error_code(errc::certificate_rejected));
    BOOST_TEST(f.detail != "");
}

BOOST_AUTO_TEST_CASE(a_server_without_tls)
{
    const auto ca = authority();
    const pem_file file(ca);
    loopback net;
    auto dialled = net.start(dial(net.time, secure(net, file, "localhost")));
    auto peer = raw_peer::accepting(net);
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    BOOST_TEST(to_string(dialled.get().error().stage) == "tls");
    BOOST_TEST(dialled.get().error().detail != "");
    BOOST_TEST(peer.sees_end());
    BOOST_TEST(peer.received().find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_finishes_the_handshake)
{
    const auto ca = authority();
    const pem_file file(ca);
    loopback net;
    auto dialled = net.start(dial(net.time, secure(net, file, "127.0.0.1")));
    auto peer = raw_peer::accepting(net);
    BOOST_REQUIRE(peer.receives("\x16\x03"));
    net.time.advance(9'999ms);
    settle(net.io);
    BOOST_TEST(!dialled.done());
    net.time.advance(1ms);
    BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    BOOST_TEST(dialled.get().error().error == make_error_code(errc::tls_timeout));
}

BOOST_AUTO_TEST_CASE(a_server_that_leaves_during_the_handshake)
{
    const auto ca = authority();
    const pem_file file(ca);
    loopback net;
    auto dialled = net.start(dial(net.time, secure(net, file, "127.0.0.1")));
    {
        auto peer = raw_peer::accepting(net);
        BOOST_REQUIRE(peer.receives("\x16\x03"));
        peer.half_close();
        BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    }
    BOOST_TEST(dialled.get().error().error == make_error_code(errc::connection_lost));
    BOOST_TEST(to_string(dialled.get().error().stage) == "tls");
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_cannot_be_read)
{
    loopback net;
    const auto ca = authority();
    std::optional<pem_file> file(ca);
    const auto options = secure(net, *file, "127.0.0.1");
    file.reset();
    const auto result = net.run(dial(net.time, options));
    BOOST_REQUIRE(!result);
    BOOST_TEST(result.error().error == make_error_code(errc::invalid_value));
    BOOST_TEST(result.error().detail == "ca_file: cannot be read as PEM certificates");
}

BOOST_AUTO_TEST_SUITE_END()
