// Requests on real sockets: several on a connection, tails, and peers that mean no good.
#include "control_socket_rig.hpp"
#include "scripted_handler.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <deque>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

std::size_t count(std::string_view text, std::string_view what)
{
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
        ++n;
    return n;
}

// The body of a chunked answer.
std::string unchunked(std::string_view answer)
{
    std::string body;
    answer.remove_prefix(answer.find("\r\n\r\n") + 4);
    for (;;) {
        const auto line = answer.find("\r\n");
        const auto size = std::stoul(std::string(answer.substr(0, line)), nullptr, 16);
        if (size == 0)
            return body;
        body += answer.substr(line + 2, size);
        BOOST_REQUIRE(answer.substr(line + 2 + size, 2) == "\r\n");
        answer.remove_prefix(line + 2 + size + 2);
    }
}

raw_peer watch(control_socket_rig& daemon, std::string_view target = "/v1/tail")
{
    auto peer = daemon.knock();
    peer.send(get(target, ""));
    BOOST_TEST(peer.receives("\r\n\r\n"));
    BOOST_TEST(peer.received().starts_with("HTTP/1.1 200 OK"));
    return peer;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(daemon_control_server_suite, control_socket_rig)

BOOST_AUTO_TEST_CASE(a_connection_serves_several_requests)
{
    auto peer = knock();
    peer.send(get("/v1/status", ""));
    BOOST_TEST(peer.receives("{\"state\":\"ready\"}\n"));
    peer.forget();
    // Two at once.
    peer.send(with_body("PUT", "/v1/log", R"({"level":"debug"})", "") + get("/v1/log"));
    BOOST_TEST(peer.sees_end());
    BOOST_TEST(count(peer.received(), "{\"level\":\"debug\"}\n") == 2U);
    BOOST_TEST(count(peer.received(), "HTTP/1.1 200 OK") == 2U);
    BOOST_TEST(count(peer.received(), "Connection: close") == 1U);
    BOOST_TEST(logged("control.change request=PUT /v1/log status=200") == 1U);
    BOOST_TEST(logged("control.change") == 1U);
}

BOOST_AUTO_TEST_CASE(errors_are_json_and_name_the_methods)
{
    const auto no = ask(with_body("DELETE", "/v1/calls", ""));
    BOOST_TEST(no.starts_with("HTTP/1.1 405 Method Not Allowed"));
    BOOST_TEST(no.find("Allow: GET\r\n") != std::string::npos);
    BOOST_TEST(no.find("Content-Type: application/json\r\n") != std::string::npos);
    BOOST_TEST(no.find(R"({"error":{"code":"method_not_allowed",)") != std::string::npos);
    BOOST_TEST(ask("GET /v1/nothing HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 404 Not Found"));
}

BOOST_AUTO_TEST_CASE(an_action_reaches_a_call)
{
    rig.event(start("7f3a9c21-5d1e"));
    const auto done = ask(with_body("POST", "/v1/actions",
                                    R"({"type":"speak","session_id":"7f3a","text":"Hello."})"));
    BOOST_TEST(done.ends_with("{\"sent\":1,\"refused\":[],\"sms\":[]}\n"));
    BOOST_TEST(rig.event(speak_event("7f3a9c21-5d1e", "and")).find("Hello.") != std::string::npos);
    BOOST_TEST(ask(with_body("DELETE", "/v1/sms/0000000000007", "")).starts_with("HTTP/1.1 404"));
}

BOOST_AUTO_TEST_CASE(a_tail_comes_line_by_line)
{
    auto peer = watch(*this, "/v1/tail?content=true");
    BOOST_TEST(peer.received().find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    BOOST_TEST(peer.received().find("Content-Type: application/x-ndjson\r\n") != std::string::npos);
    peer.forget();
    tell("one");
    BOOST_TEST(peer.receives("\"text\":\"one\"}\n\r\n"));
    tell("two");
    BOOST_TEST(peer.receives("\"text\":\"two\"}\n\r\n"));
    BOOST_TEST(count(peer.received(), "\n\r\n") == 2U);
    // An hour without a line is no reason to end it.
    pass(1h);
    tell("three");
    BOOST_TEST(peer.receives("three"));
}

BOOST_AUTO_TEST_CASE(an_old_client_gets_a_tail_without_chunks)
{
    auto peer = knock();
    peer.send("GET /v1/tail?content=true HTTP/1.0\r\n\r\n");
    BOOST_TEST(peer.receives("\r\n\r\n"));
    BOOST_TEST(peer.received().find("chunked") == std::string::npos);
    peer.forget();
    tell("one");
    BOOST_TEST(peer.receives("\n"));
    BOOST_TEST(peer.received().starts_with("{"));
}

BOOST_AUTO_TEST_CASE(a_watcher_that_leaves_is_noticed_at_once)
{
    {
        auto peer = watch(*this);
        BOOST_TEST(server->connections() == 1U);
    }
    BOOST_TEST(net.until([&] { return server->connections() == 0; }));
    // And its place is free again.
    std::deque<raw_peer> all;
    for (std::size_t n = 0; n < live_feed::max_tails; ++n)
        all.push_back(watch(*this));
    BOOST_TEST(ask(get("/v1/tail")).starts_with("HTTP/1.1 503"));
    all.pop_front();
    BOOST_TEST(net.until([&] { return server->connections() == live_feed::max_tails - 1; }));
    all.push_back(watch(*this));
}

BOOST_AUTO_TEST_CASE(a_watcher_that_does_not_read_loses_lines_and_holds_up_nobody)
{
    auto lazy = watch(*this, "/v1/tail?content=true");
    auto quick = watch(*this, "/v1/tail?content=true");
    lazy.stop_reading();
    const std::string much(4000, 'x');
    for (int n = 0; n < 1000; ++n) {
        tell(std::to_string(n) + much);
        if (n % 100 == 0)
            BOOST_TEST(quick.receives("\"text\":\"" + std::to_string(n) + "xx"));
    }
    BOOST_TEST(ask(get("/v1/status")).starts_with("HTTP/1.1 200"));
    tell("the last one");
    lazy.read_again();
    BOOST_TEST(lazy.receives("the last one"));
    server->stop();
    BOOST_TEST(lazy.sees_end());
    const auto lines = unchunked(lazy.received());
    BOOST_TEST(count(lines, "{\"kind\":\"lost\",\"lines\":") >= 1U);
    BOOST_TEST(count(lines, "\n") < 1000U);
    BOOST_TEST(count(lines, "\"text\":\"0x") == 1U);
    BOOST_TEST(quick.sees_end());
}

BOOST_AUTO_TEST_CASE(a_watcher_that_never_reads_again_is_given_up)
{
    auto lazy = watch(*this, "/v1/tail?content=true");
    lazy.stop_reading();
    for (int n = 0; n < 300; ++n) {
        tell(std::string(4000, 'x'));
        settle(net.io);
    }
    pass(299s);
    BOOST_TEST(server->connections() == 1U);
    pass(2s);
    BOOST_TEST(server->connections() == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_refused)
{
    const auto header = ask(get("/v1/status", "X-Long: " + std::string(20'000, 'x') + "\r\n"));
    BOOST_TEST(header.starts_with("HTTP/1.1 431"));
    const auto body =
        ask("POST /v1/actions HTTP/1.1\r\nHost: a\r\nContent-Length: 4194305\r\n\r\n");
    BOOST_TEST(body.starts_with("HTTP/1.1 413"));
    const auto target = ask(get("/v1/" + std::string(9000, 'x')));
    BOOST_TEST(target.starts_with("HTTP/1.1 414"));
    BOOST_TEST(ask("\x16\x03\x01\x02").starts_with("HTTP/1.1 400"));
    BOOST_TEST(net.until([&] { return logged("control.refused") == 4; }));
    const std::string allowed(4'000'000, ' ');
    BOOST_TEST(ask(with_body("PUT", "/v1/log", allowed + R"({"level":"error"})"))
                   .starts_with("HTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_too_slowly_is_given_up)
{
    auto slow = knock();
    for (int n = 0; n < 9; ++n) {
        slow.send(n == 0 ? "GET /v1/status HTTP/1.1\r\n" : "X-A: b\r\n");
        pass(1s);
    }
    BOOST_TEST(!slow.ended());
    pass(1500ms);
    BOOST_TEST(slow.sees_end());
    BOOST_TEST(slow.received().empty());

    auto idle = knock();
    idle.send(get("/v1/status", ""));
    BOOST_TEST(idle.receives("ready"));
    pass(59s);
    BOOST_TEST(!idle.ended());
    pass(2s);
    BOOST_TEST(idle.sees_end());
}

BOOST_AUTO_TEST_CASE(a_crowd_that_says_nothing_keeps_nobody_out)
{
    auto busy = watch(*this, "/v1/tail?content=true");
    std::deque<raw_peer> crowd;
    for (int n = 0; n < 100; ++n) {
        crowd.push_back(knock());
        settle(net.io);
        BOOST_TEST(server->connections() <= options.max_connections);
    }
    BOOST_TEST(ask(get("/v1/status")).starts_with("HTTP/1.1 200"));
    BOOST_TEST(crowd.front().sees_end());
    BOOST_TEST(!crowd.back().ended());
    // Who is being served is not the one to go.
    tell("still here");
    BOOST_TEST(busy.receives("still here"));
}

BOOST_AUTO_TEST_CASE(stopping_ends_everything_in_order)
{
    auto watching = watch(*this, "/v1/tail?content=true");
    auto idle = knock();
    idle.send(get("/v1/status", ""));
    BOOST_TEST(idle.receives("ready"));
    tell("last words");
    server->stop();
    BOOST_TEST(watching.sees_end());
    BOOST_TEST(watching.received().find("last words") != std::string::npos);
    BOOST_TEST(watching.received().ends_with("0\r\n\r\n"));
    BOOST_TEST(idle.sees_end());
    watching.close();
    idle.close();
    BOOST_TEST(net.until([&] { return finished; }));
}

BOOST_AUTO_TEST_CASE(the_metrics_port_serves_what_observes)
{
    auto acceptor = open_metrics_port(net.io.get_executor(), "127.0.0.1", 0);
    BOOST_REQUIRE(acceptor.has_value());
    asio::ip::tcp::endpoint where;
    const auto name = acceptor->local_endpoint();
    std::memcpy(where.data(), name.data(), name.size());

    const auto taken = open_metrics_port(net.io.get_executor(), "127.0.0.1", where.port());
    BOOST_REQUIRE(taken.has_error());
    BOOST_TEST(taken.error().field == "metrics.port");
    BOOST_TEST(taken.error().text.find("choose another port") != std::string::npos);
    BOOST_TEST(open_metrics_port(net.io.get_executor(), "localhost", 0).error().field ==
               "metrics.address");

    auto wanted = options;
    wanted.scope = control_scope::observation;
    const auto metrics = std::make_shared<control_server>(std::move(*acceptor), rig.api, wanted);
    bool ended = false;
    asio::co_spawn(net.io, metrics->run(), [&](std::exception_ptr) { ended = true; });
    const auto answer = [&](std::string_view request) {
        asio::ip::tcp::socket s(net.io);
        s.connect(where);
        raw_peer peer(net, std::move(s));
        peer.send(request);
        BOOST_TEST(peer.sees_end());
        return peer.received();
    };
    BOOST_TEST(answer(get("/metrics")).ends_with("\r\n\r\naiflowd_calls 1\n"));
    BOOST_TEST(answer(get("/healthz")).ends_with("\r\n\r\nok\n"));
    BOOST_TEST(answer("HEAD /readyz HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200"));
    BOOST_TEST(answer(get("/v1/status")).starts_with("HTTP/1.1 404"));
    BOOST_TEST(answer(with_body("POST", "/v1/drain", "")).starts_with("HTTP/1.1 404"));
    BOOST_TEST(answer("GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n")
                   .starts_with("HTTP/1.1 413"));
    BOOST_TEST(rig.daemon.drains == 0);
    metrics->stop();
    BOOST_TEST(net.until([&] { return ended; }));
}

BOOST_AUTO_TEST_SUITE_END()
