// What AI Flow, and strangers, can do to a listener.
#include "listener_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* token = "X-API-TOKEN: s3cret\r\n";

listener_options with_http()
{
    listener_options o;
    o.http_path = "/events";
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listening)

BOOST_AUTO_TEST_CASE(a_call)
{
    listener_rig r;
    auto call = r.dial_in().value();
    r.send(*call, start("a"));
    BOOST_TEST(spoken(r.next(*call)) == "after start");
    r.send(*call, speak_event("a", "hello"));
    BOOST_TEST(spoken(r.next(*call)) == "after hello");
    BOOST_TEST(r.service->statistics().open_sessions == 1U);
    BOOST_TEST(r.service->find("a").has_value());
    r.send(*call, plain("session_end", "a"));
    BOOST_TEST(r.until([&] { return r.bot->alive == 0; }));
    BOOST_TEST(r.service->status().strangers == 0U);
}

BOOST_AUTO_TEST_CASE(a_session_that_goes_on_over_another_connection)
{
    listener_rig r;
    auto first = r.dial_in().value();
    r.send(*first, start("a"));
    r.next(*first);
    auto second = r.dial_in().value();
    r.send(*second, speak_event("a", "one"));
    BOOST_TEST(spoken(r.next(*second)) == "after one");
    first.reset();
    BOOST_TEST(r.until([&] { return r.service->statistics().open_connections == 1; }));
    r.send(*second, speak_event("a", "two"));
    BOOST_TEST(spoken(r.next(*second)) == "after two");
    BOOST_TEST(r.bot->sessions.size() == 1U);
    BOOST_TEST(r.bot->gaps.empty());
}

BOOST_AUTO_TEST_CASE(a_session_that_comes_back_after_its_connection_is_lost)
{
    listener_rig r;
    auto first = r.dial_in().value();
    r.send(*first, start("a"));
    r.next(*first);
    first.reset();
    BOOST_TEST(r.until([&] { return r.service->statistics().open_connections == 0; }));
    auto second = r.dial_in().value();
    r.send(*second, speak_event("a", "back"));
    BOOST_TEST(spoken(r.next(*second)) == "after gap");
    BOOST_TEST(spoken(r.next(*second)) == "after back");
}

BOOST_AUTO_TEST_CASE(the_first_event_in_the_segment_of_the_upgrade)
{
    listener_rig r;
    auto peer = r.knock();
    peer.send(upgrade_to("/ws", token) + client_frame(text_frame, start("a")));
    BOOST_TEST(peer.receives("after start"));
}

BOOST_AUTO_TEST_CASE(a_peer_that_sends_byte_by_byte)
{
    listener_rig r;
    auto peer = r.knock();
    for (const char c : upgrade_to("/ws", token) + client_frame(text_frame, start("a"))) {
        peer.send({&c, 1});
        settle(r.net.io);
    }
    BOOST_TEST(peer.receives("after start"));
}

BOOST_AUTO_TEST_CASE(refusals)
{
    listener_rig r(with_http());
    const std::pair<std::string, std::string> cases[] = {
        {upgrade_to("/ws"), "HTTP/1.1 401 Unauthorized"},
        {upgrade_to("/ws", "X-API-TOKEN: wrong\r\n"), "HTTP/1.1 401 Unauthorized"},
        {upgrade_to("/ws", std::string(token) + token), "HTTP/1.1 401 Unauthorized"},
        {upgrade_to("/other", token), "HTTP/1.1 404 Not Found"},
        {"GET /ws HTTP/1.1\r\nHost: a\r\n" + std::string(token) + "\r\n",
         "HTTP/1.1 426 Upgrade Required"},
        {"GET /events HTTP/1.1\r\nHost: a\r\n" + std::string(token) + "\r\n",
         "HTTP/1.1 405 Method Not Allowed"},
        {post("/events", start("a")), "HTTP/1.1 401 Unauthorized"},
        {post("/ws", start("a"), token), "HTTP/1.1 405 Method Not Allowed"},
        {post("/events", "{", token), "HTTP/1.1 400 Bad Request"},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400 Bad Request"}};
    for (const auto& [request, answer] : cases)
        BOOST_TEST(r.answer_to(request) == answer);
    BOOST_TEST(r.until([&] { return r.service->status().refused == std::size(cases); }));
    BOOST_TEST(r.bot->sessions.empty());
    for (const auto& line : r.log)
        BOOST_TEST(line.find("s3cret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_is_not_waited_for_before_its_token_is_known)
{
    listener_rig r(with_http());
    const std::string head = "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n";
    for (const auto* expects : {"", "Expect: 100-continue\r\n"}) {
        auto stranger = r.knock();
        stranger.send(head + expects + "\r\n");
        BOOST_TEST(stranger.sees_end());
        BOOST_TEST(stranger.received().starts_with("HTTP/1.1 401 Unauthorized\r\n"));
    }
    auto service = r.knock();
    service.send(head + std::string(token) + "Expect: 100-continue\r\n\r\n");
    BOOST_TEST(service.receives("HTTP/1.1 100 Continue\r\n\r\n"));
    r.pass(10s);
    BOOST_TEST(service.sees_end());
    BOOST_TEST(r.log.back().find("sent no whole HTTP request in time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(S10_no_other_upgrade_than_to_a_websocket)
{
    listener_rig r;
    for (const auto* other : {"h2c", "HTTP/2.0", "TLS/1.2", "websocket2"}) {
        auto peer = r.knock();
        peer.send("GET /ws HTTP/1.1\r\nHost: a\r\n" + std::string(token) +
                  "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: " + other +
                  "\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
        BOOST_TEST(peer.receives("\r\n\r\n"));
        BOOST_TEST(peer.received().starts_with("HTTP/1.1 426 "), other);
        BOOST_TEST(peer.sees_end());
    }
}

BOOST_AUTO_TEST_CASE(the_log_says_what_was_wrong_with_a_request)
{
    listener_options o;
    o.request_timeout = 5s;
    listener_rig r(o);
    const auto last_line_says = [&](std::string_view text) {
        return r.until(
            [&] { return !r.log.empty() && r.log.back().find(text) != r.log.back().npos; });
    };
    r.answer_to(upgrade_to("/ws", "A: " + std::string(9000, 'x') + "\r\n"));
    BOOST_TEST(last_line_says("HTTP 431: header line too long"));
    r.answer_to("GET /" + std::string(9000, 'x'));
    BOOST_TEST(last_line_says("HTTP 414: request line too long"));
    r.answer_to(upgrade_to("/ws"));
    BOOST_TEST(last_line_says("HTTP 401: without X-API-TOKEN"));
    r.knock().close();
    BOOST_TEST(last_line_says("left without a whole HTTP request"));
    const auto slow = r.knock();
    BOOST_TEST(r.until([&] { return r.service->status().open == 1; }));
    r.pass(5s);
    BOOST_TEST(last_line_says("sent no whole HTTP request in time"));
}

BOOST_AUTO_TEST_CASE(a_load_balancer_asks_how_it_is)
{
    listener_rig r;
    auto peer = r.knock();
    peer.send("GET /healthz HTTP/1.0\r\n\r\n");
    BOOST_TEST(peer.receives("\r\n\r\nok\n"));
    BOOST_TEST(r.answer_to("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n") == "HTTP/1.1 200 OK");
    BOOST_TEST(r.service->status().refused == 0U);
}

BOOST_AUTO_TEST_CASE(tokens_are_replaced_without_a_gap)
{
    listener_rig r;
    BOOST_TEST(!r.service->replace_tokens({secret("s3cret"), secret("next")}).has_error());
    BOOST_TEST(r.dial_in("s3cret").has_value());
    BOOST_TEST(r.dial_in("next").has_value());
    BOOST_TEST(!r.service->replace_tokens({secret("next")}).has_error());
    BOOST_TEST(r.dial_in("s3cret").error().http_status == 401U);
    BOOST_TEST(r.service->replace_tokens({secret("")}).has_error());
    BOOST_TEST(r.dial_in("next").has_value());
}

BOOST_AUTO_TEST_CASE(events_by_http_on_one_connection)
{
    listener_rig r(with_http());
    auto peer = r.knock();
    peer.send(post("/events", start("a"), token) +
              post("/events", plain("session_end", "a"), token));
    BOOST_TEST(peer.receives("HTTP/1.1 204 No Content\r\n\r\n"));
    BOOST_TEST(
        peer.received().starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"));
    BOOST_TEST(peer.received().find(R"("text":"after start"})") != std::string::npos);
    BOOST_TEST(!peer.ended());
    r.pass(61s);
    BOOST_TEST(peer.sees_end());
}

BOOST_AUTO_TEST_CASE(a_call_that_begins_by_http_and_goes_on_by_websocket)
{
    listener_rig r(with_http());
    BOOST_TEST(r.answer_to(post("/events", start("a"), token)) == "HTTP/1.1 200 OK");
    auto call = r.dial_in().value();
    r.send(*call, speak_event("a", "hello"));
    BOOST_TEST(spoken(r.next(*call)) == "after hello");
    BOOST_TEST(r.bot->sessions.size() == 1U);
}

BOOST_AUTO_TEST_CASE(too_many_strangers_go_in_the_order_in_which_they_came)
{
    listener_options o;
    o.max_strangers = 4;
    listener_rig r(o);
    std::vector<raw_peer> strangers;
    for (std::size_t i = 0; i < 6; ++i) {
        strangers.push_back(r.knock());
        strangers.back().send("G");
        BOOST_TEST(r.until([&] { return r.service->status().accepted == i + 1; }));
    }
    BOOST_TEST(strangers[0].sees_end());
    BOOST_TEST(strangers[1].sees_end());
    BOOST_TEST(!strangers[2].ended());
    auto call = r.dial_in().value();
    r.send(*call, start("a"));
    BOOST_TEST(spoken(r.next(*call)) == "after start");
}

BOOST_AUTO_TEST_CASE(more_connections_than_there_may_be)
{
    listener_options o;
    o.max_connections = 2;
    listener_rig r(o);
    const auto first = r.dial_in();
    auto second = r.dial_in();
    BOOST_TEST(second.has_value());
    BOOST_TEST(r.dial_in().error().http_status == 503U);
    second = connect_failure{};
    BOOST_TEST(r.until([&] { return r.service->status().open == 1; }));
    BOOST_TEST(r.dial_in().has_value());
}

BOOST_AUTO_TEST_CASE(many_that_leave_at_once_fill_neither_memory_nor_log)
{
    listener_rig r;
    for (int i = 0; i < 300; ++i)
        r.knock().close();
    BOOST_TEST(r.until([&] { return r.service->status().refused >= 300; }));
    BOOST_TEST(r.until([&] { return r.service->status().open == 0; }));
    BOOST_TEST(r.logged("listener.refused") == 10U);
    r.pass(1s);
    r.answer_to("nonsense\r\n\r\n");
    BOOST_TEST(r.until([&] { return r.logged("listener.refused") == 11; }));
    BOOST_TEST(r.log.back().find("suppressed=290") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
