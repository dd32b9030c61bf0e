// What a client can do to a server that accepts WebSockets.
#include "raw_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

struct raw_client {
    explicit raw_client(accept_options options = {})
        : peer(raw_peer::connecting(net, socket)),
          accepted(net.start(accept(std::move(*socket), net.time, std::move(options))))
    {
    }

    // The first line that the server answers to `request`.
    std::string answer_to(std::string_view request)
    {
        peer.send(request);
        if (!peer.receives("\r\n\r\n"))
            return {};
        return peer.received().substr(0, peer.received().find("\r\n"));
    }

    connect_failure failure()
    {
        BOOST_REQUIRE(net.until([&] { return accepted.done(); }));
        BOOST_REQUIRE(!accepted.get());
        return accepted.get().error();
    }

    loopback net;
    std::optional<asio::ip::tcp::socket> socket;
    raw_peer peer;
    outcome<dial_result> accepted;
};

const std::string good(upgrade_request_text);

std::string replaced(const std::string& what, const std::string& by)
{
    auto text = good;
    const auto at = text.find(what);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

std::string with(const std::string& line)
{
    return replaced("Upgrade: w", line + "\r\nUpgrade: w");
}

accept_options deciding(upgrade_decision d)
{
    accept_options o;
    o.decide = std::move(d);
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_accept)

BOOST_AUTO_TEST_CASE(a_good_request)
{
    raw_client c;
    BOOST_TEST(c.answer_to(good) == "HTTP/1.1 101 Switching Protocols");
    BOOST_TEST(c.peer.received().find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") !=
               std::string::npos);
    BOOST_TEST(c.peer.received().find("Server: aiflow\r\n") != std::string::npos);
    BOOST_REQUIRE(c.net.until([&] { return c.accepted.done(); }));
    BOOST_TEST(c.accepted.get().has_value());
}

// Clients offer compression as a matter of course; it is not taken up.
BOOST_AUTO_TEST_CASE(extensions_and_subprotocols_are_ignored)
{
    raw_client c;
    BOOST_TEST(c.answer_to(with("Sec-WebSocket-Extensions: permessage-deflate\r\n"
                                "Sec-WebSocket-Protocol: chat")) ==
               "HTTP/1.1 101 Switching Protocols");
    BOOST_TEST(c.peer.received().find("Extensions") == std::string::npos);
    BOOST_TEST(c.peer.received().find("Protocol:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(bad_requests)
{
    const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    struct {
        std::string request;
        int status;
    } const cases[] = {
        {replaced("Host: localhost\r\n", ""), 400},
        {with("Host: other"), 400},
        {replaced(key, "Sec-WebSocket-Key: c2hvcnQ="), 400},
        {replaced(key, "Sec-WebSocket-Key: not base64 at all, 24ch."), 400},
        {replaced(key + "\r\n", ""), 400},
        {with(key), 400},
        {replaced("Version: 13", "Version: 8"), 426},
        {replaced("Sec-WebSocket-Version: 13\r\n", ""), 426},
        {with("Sec-WebSocket-Version: 13"), 426},
        {replaced("Upgrade: websocket\r\n", ""), 426},
        {replaced("Upgrade: websocket\r\n", "Upgrade: h2c\r\n"), 426},
        {replaced("Connection: Upgrade\r\n", "Connection: close\r\n"), 426},
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 426},
        {replaced("GET", "POST"), 405},
        {replaced("GET", "HEAD"), 405},
        {replaced("HTTP/1.1", "HTTP/1.0"), 400},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        {"GET /calls\r\n", 400},
        {replaced("GET /calls", "GET http://localhost/calls"), 400},
        {replaced("GET /calls", "GET *"), 400},
        {replaced("GET /calls", "GET calls"), 400},
        {with("Content-Length: 5"), 400},
        {with("Content-Length: 5\r\nContent-Length: 6"), 400},
        {with("Transfer-Encoding: chunked"), 400},
        {with("X : y"), 400},
        {with("X: a\r\n b"), 400},
        {with("X: a\r\n\tb"), 400},
        {with(" X: a"), 400},
        {with("X: a\nY: b"), 400},
        {with("X: a\rY: b"), 400},
        {with(std::string("X: a\0b", 6)), 400},
        {with("X: a\x7f"), 400},
        {with("no colon"), 400},
        {with(": no name"), 400},
        {replaced("\r\n", "\n"), 400},
        {replaced("/calls", "/" + std::string(9000, 'a')), 414},
        {with("X: " + std::string(9000, 'a')), 431},
        {"GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a'), 431},
        {"\x16\x03\x01\x02\x01\x01\xfc\x03\x03", 400},
    };
    for (const auto& c : cases) {
        raw_client client;
        BOOST_TEST_CONTEXT(c.request.substr(0, 400))
        {
            BOOST_TEST(client.answer_to(c.request).substr(0, 13) ==
                       "HTTP/1.1 " + std::to_string(c.status) + " ");
            BOOST_TEST(client.peer.received().find("\r\nContent-Length: 0\r\n") !=
                       std::string::npos);
            BOOST_TEST(client.peer.sees_end());
            client.peer.close();
            const auto f = client.failure();
            BOOST_TEST(f.error == make_error_code(errc::upgrade_invalid));
            BOOST_TEST(f.http_status == static_cast<unsigned>(c.status));
        }
    }
}

BOOST_AUTO_TEST_CASE(too_many_headers)
{
    std::string many;
    for (int i = 0; i < 2000; ++i)
        many += "A: b\r\n";
    raw_client c;
    BOOST_TEST(c.answer_to(with(many + "A: b")).starts_with("HTTP/1.1 431 "));
}

BOOST_AUTO_TEST_CASE(the_decision_sees_the_request_and_is_followed)
{
    upgrade_request seen;
    raw_client c(deciding([&](const upgrade_request& r) {
        seen = r;
        return upgrade_answer{101, {{"X-Answer", "yes"}}};
    }));
    BOOST_TEST(c.answer_to(with("X-API-TOKEN: abc")) == "HTTP/1.1 101 Switching Protocols");
    BOOST_TEST(c.peer.received().find("\r\nX-Answer: yes\r\n") != std::string::npos);
    BOOST_TEST(seen.target == "/calls");
    BOOST_REQUIRE(seen.headers.size() == 6U);
    bool has_token = false;
    for (const auto& h : seen.headers)
        has_token = has_token || (h.name == "X-API-TOKEN" && h.value == "abc");
    BOOST_TEST(has_token);
}

BOOST_AUTO_TEST_CASE(refusals)
{
    for (const unsigned status : {401U, 403U, 404U, 503U}) {
        raw_client c(deciding([=](const upgrade_request&) {
            return upgrade_answer{status, {{"Retry-After", "7"}}};
        }));
        BOOST_TEST(c.answer_to(good).substr(9, 3) == std::to_string(status));
        BOOST_TEST(c.peer.received().find("\r\nRetry-After: 7\r\n") != std::string::npos);
        BOOST_TEST(c.peer.received().ends_with("Connection: close\r\n\r\n"));
        BOOST_TEST(c.peer.sees_end());
        c.peer.close();
        BOOST_TEST(c.failure().error == make_error_code(errc::upgrade_refused));
        BOOST_TEST(c.failure().http_status == status);
    }
}

BOOST_AUTO_TEST_CASE(decisions_that_cannot_be_followed_become_500)
{
    const upgrade_decision bad[] = {
        [](const upgrade_request&) -> upgrade_answer { throw std::runtime_error("oops"); },
        [](const upgrade_request&) -> upgrade_answer { throw 42; },
        [](const upgrade_request&) {
            return upgrade_answer{200, {}};
        },
        [](const upgrade_request&) {
            return upgrade_answer{1000, {}};
        },
        [](const upgrade_request&) {
            return upgrade_answer{101, {{"X", "a\r\nY: b"}}};
        },
        [](const upgrade_request&) {
            return upgrade_answer{401, {{"Content-Length", "7"}}};
        },
    };
    for (const auto& d : bad) {
        raw_client c(deciding(d));
        BOOST_TEST(c.answer_to(good).starts_with("HTTP/1.1 500 "));
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_says_nothing_or_very_little)
{
    for (const std::string start : {"", "GET / HTTP/1.1\r\nHost: a\r\n"}) {
        raw_client c;
        c.peer.send(start);
        settle(c.net.io);
        c.net.time.advance(9'999ms);
        settle(c.net.io);
        BOOST_TEST(!c.accepted.done());
        c.net.time.advance(1ms);
        BOOST_TEST(c.failure().error == make_error_code(errc::upgrade_timeout));
        BOOST_TEST(c.peer.sees_end());
    }
}

// A refused client that does not hang up is waited for, but not long.
BOOST_AUTO_TEST_CASE(a_refused_client_that_stays)
{
    raw_client c;
    c.answer_to(replaced("GET", "POST"));
    settle(c.net.io);
    BOOST_TEST(!c.accepted.done());
    c.net.time.advance(1s);
    BOOST_TEST(c.failure().http_status == 405U);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_before_it_has_asked)
{
    raw_client c;
    c.peer.send("GET / HTT");
    c.peer.close();
    BOOST_TEST(c.failure().error == make_error_code(errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(our_client_sees_our_refusal)
{
    loopback net;
    auto options = net.plain();
    auto dialled = net.start(dial(net.time, options));
    auto accepted =
        net.start(accept(net.accept_socket(), net.time, deciding([](const upgrade_request&) {
                             return upgrade_answer{503, {{"Retry-After", "9"}}};
                         })));
    BOOST_REQUIRE(net.until([&] { return dialled.done() && accepted.done(); }));
    BOOST_REQUIRE(!dialled.get());
    BOOST_TEST(dialled.get().error().http_status == 503U);
    BOOST_TEST((dialled.get().error().retry_after == 9s));
}

BOOST_AUTO_TEST_SUITE_END()
