// Certificates and TLS, against a server of OpenSSL's own.
#include "raw_peer.hpp"
#include "tls_server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

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
    batch.reserve(texts.size());
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

        const std::string large(1'048'576, 'x');
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
