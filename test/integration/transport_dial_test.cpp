// What a server can do to a client that wants to open a WebSocket.
#include "raw_peer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

// What becomes of a dial that gets `answer` for its request.
connect_failure dial_and_get(std::string_view answer, bool then_close = true,
                             stream_limits limits = {})
{
    loopback net;
    auto options = net.plain("/calls?a=b");
    options.token = secret("hunter2");
    options.limits = limits;
    auto dialled = net.start(dial(net.time, options));
    auto peer = raw_peer::accepting(net);
    BOOST_REQUIRE(peer.receives("\r\n\r\n"));
    peer.send(answer);
    if (then_close)
        peer.half_close();
    BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    BOOST_REQUIRE(!dialled.get());
    BOOST_TEST(peer.sees_end());
    auto failure = dialled.get().error();
    BOOST_TEST(to_string(failure).find("hunter2") == std::string::npos);
    return failure;
}

std::string accepting(const std::string& more)
{
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
           more + "\r\n";
}

// Lets virtual time pass until `dialled` is done; tells how long that took.
clock::duration wait_for(loopback& net, outcome<dial_result>& dialled)
{
    const auto start = net.time.now();
    for (int turn = 0; turn < 100; ++turn) {
        for (int i = 0; i < 3; ++i)
            settle(net.io);
        if (dialled.done() || !net.time.jump_to_next_sleeper())
            break;
    }
    BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    return net.time.now() - start;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_dial)

BOOST_AUTO_TEST_CASE(the_request_is_what_a_server_expects)
{
    loopback net;
    auto options = net.plain("/calls?a=b");
    options.token = secret("hunter2");
    options.headers = {{"X-One", "1"}, {"X-One", "2"}, {"User-Agent", "mine"}};
    auto dialled = net.start(dial(net.time, options));
    auto peer = raw_peer::accepting(net);
    const auto request = peer.accept_upgrade();
    BOOST_TEST(request.starts_with("GET /calls?a=b HTTP/1.1\r\n"));
    const auto has = [&](std::string line) {
        return request.find("\r\n" + line + "\r\n") != std::string::npos;
    };
    BOOST_TEST(has("Host: 127.0.0.1:" + std::to_string(net.port())));
    BOOST_TEST(has("Upgrade: websocket"));
    BOOST_TEST(has("Connection: upgrade"));
    BOOST_TEST(has("Sec-WebSocket-Version: 13"));
    BOOST_TEST(has("X-API-TOKEN: hunter2"));
    BOOST_TEST(has("X-One: 1"));
    BOOST_TEST(has("X-One: 2"));
    BOOST_TEST(has("User-Agent: mine"));
    BOOST_TEST(!has("User-Agent: aiflow"));
    BOOST_TEST(request.find("Extensions") == std::string::npos);
    BOOST_TEST(request.find("Protocol") == std::string::npos);
    BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    BOOST_TEST(dialled.get().has_value());
}

BOOST_AUTO_TEST_CASE(refusals)
{
    for (const unsigned status : {200U, 204U, 302U, 401U, 403U, 404U, 429U, 500U, 503U}) {
        const auto f = dial_and_get("HTTP/1.1 " + std::to_string(status) +
                                    " Why\r\nContent-Length: 4\r\nLocation: ws://127.0.0.1/\r\n"
                                    "Retry-After: 7\r\n\r\nbody");
        BOOST_TEST(to_string(f.stage) == "upgrade");
        BOOST_TEST(f.error == make_error_code(errc::upgrade_refused));
        BOOST_TEST(f.http_status == status);
        BOOST_TEST(f.retry_after.has_value() == (status == 429 || status == 503));
    }
}

// The body is of no interest, so it is not waited for.
BOOST_AUTO_TEST_CASE(a_refusal_whose_body_never_comes)
{
    const auto f = dial_and_get("HTTP/1.1 401 No\r\nContent-Length: 100000\r\n\r\n", false);
    BOOST_TEST(f.http_status == 401U);
}

BOOST_AUTO_TEST_CASE(answers_that_are_none)
{
    const auto invalid = make_error_code(errc::upgrade_invalid);
    // Known at the first byte that does not fit; nobody waits for more.
    BOOST_TEST(dial_and_get("\x15\x03\x01\x00\x02\x02\x46", false).error == invalid);
    BOOST_TEST(dial_and_get("220 smtp.example.com ESMTP\r\n", false).error == invalid);
    BOOST_TEST(dial_and_get("HTTP/2 101\r\n\r\n", false).error == invalid);
    BOOST_TEST(dial_and_get("HTTP/1.1 abc\r\n\r\n", false).error == invalid);
    BOOST_TEST(dial_and_get(accepting("Sec-WebSocket-Accept: wrong\r\n"), false).error == invalid);
    BOOST_TEST(dial_and_get(accepting(""), false).error == invalid);
    const auto f = dial_and_get("", true);
    BOOST_TEST(f.error == make_error_code(errc::connection_lost));
    BOOST_TEST(to_string(f.stage) == "upgrade");
    BOOST_TEST(dial_and_get("HTTP/1.1 101 Swit", true).error ==
               make_error_code(errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(headers_larger_than_allowed)
{
    stream_limits limits;
    limits.header_bytes = 1000;
    const auto invalid = make_error_code(errc::upgrade_invalid);
    const auto endless = accepting("").substr(0, 90) + "X: " + std::string(2000, 'x');
    BOOST_TEST(dial_and_get(endless, false, limits).error == invalid);
    const auto whole = accepting("X: " + std::string(2000, 'x') + "\r\n");
    BOOST_TEST(dial_and_get(whole, false, limits).detail.find("header_bytes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nobody_listens)
{
    loopback net;
    const auto options = net.plain();
    net.acceptor.close();
    const auto result = net.run(dial(net.time, options));
    BOOST_REQUIRE(!result);
    BOOST_TEST(to_string(result.error().stage) == "tcp");
    BOOST_TEST(result.error().error == asio::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(every_address_of_a_name_is_tried)
{
    // The listener is on 127.0.0.1 alone; where the name has ::1 as well, that one is refused.
    loopback net;
    auto options = net.plain();
    options.url = "ws://localhost:" + std::to_string(net.port()) + "/";
    auto dialled = net.start(dial(net.time, options));
    auto peer = raw_peer::accepting(net);
    const auto request = peer.accept_upgrade();
    BOOST_TEST(request.find("Host: localhost:") != std::string::npos);
    BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
    BOOST_TEST(dialled.get().has_value());
}

BOOST_AUTO_TEST_CASE(options_that_are_wrong)
{
    loopback net;
    dial_options options;
    options.url = "ws://example.com/";
    const auto result = net.run(dial(net.time, options));
    BOOST_REQUIRE(!result);
    BOOST_TEST(result.error().error == make_error_code(errc::invalid_url));
    BOOST_TEST(to_string(result.error().stage) == "resolve");
}

BOOST_AUTO_TEST_CASE(the_total_limit_holds_as_well)
{
    loopback net;
    auto options = net.plain();
    options.timeouts.total = 3s;
    auto dialled = net.start(dial(net.time, options));
    auto peer = raw_peer::accepting(net);
    BOOST_REQUIRE(peer.receives("\r\n\r\n"));
    BOOST_TEST((wait_for(net, dialled) == 3s));
    BOOST_TEST(dialled.get().error().error == make_error_code(errc::upgrade_timeout));
}

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer)
{
    // A queue that is full: the kernel then drops further requests to connect.
    loopback net;
    net.acceptor.listen(0);
    std::vector<asio::ip::tcp::socket> filling;
    for (int i = 0; i < 4; ++i) {
        filling.emplace_back(net.io);
        filling.back().async_connect(net.acceptor.local_endpoint(), [](error_code) {});
    }
    for (int i = 0; i < 20; ++i)
        settle(net.io);
    auto dialled = net.start(dial(net.time, net.plain()));
    BOOST_TEST((wait_for(net, dialled) == 10s));
    BOOST_TEST(to_string(dialled.get().error().stage) == "tcp");
    BOOST_TEST(dialled.get().error().error == make_error_code(errc::connect_timeout));
}

BOOST_AUTO_TEST_CASE(cancelled_at_any_stage)
{
    loopback net;
    for (int steps = 0; steps < 40; ++steps) {
        asio::cancellation_signal stop;
        std::optional<error_code> result;
        asio::co_spawn(net.io, dial(net.time, net.plain()),
                       asio::bind_cancellation_slot(
                           stop.slot(), [&](std::exception_ptr error, const dial_result& r) {
                               BOOST_TEST(!error);
                               result = r ? error_code() : r.error().error;
                           }));
        net.io.restart();
        for (int i = 0; i < steps; ++i)
            net.io.poll_one();
        stop.emit(asio::cancellation_type::terminal);
        BOOST_REQUIRE(net.until([&] { return result.has_value(); }));
        BOOST_TEST(*result == asio::error::operation_aborted);
    }
}

BOOST_AUTO_TEST_SUITE_END()
