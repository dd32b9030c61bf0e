// What a web app can do to a request, and what becomes of its connection.
#include "webhook_rig.hpp"

#include "daemon/webhook_pool.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

// A pool whose web app is the test.
struct pool_rig {
    explicit pool_rig(daemon_config::webhook_section s = {})
    {
        s.url = "http://127.0.0.1:" + std::to_string(net.port()) + "/hook?a=b";
        target =
            std::make_shared<const webhook_target>(make_webhook_target(s, secret("t0ken")).value());
        pool.emplace(net.io.get_executor(), net.time, target);
    }

    outcome<webhook_result> post(std::string body)
    {
        return net.start(pool->post(std::move(body)));
    }
    raw_peer app() { return raw_peer::accepting(net); }
    bool done(outcome<webhook_result>& o)
    {
        return net.until([&] { return o.done(); });
    }
    void settle()
    {
        for (int i = 0; i < 5; ++i)
            test::settle(net.io);
    }

    loopback net;
    std::shared_ptr<const webhook_target> target;
    std::optional<webhook_pool> pool;
};

// What becomes of a first request that gets `answer`; the connection then ends, or does not.
webhook_result answer_with(std::string_view answer, bool then_close = false,
                           daemon_config::webhook_section s = {})
{
    pool_rig r(std::move(s));
    auto posted = r.post("{}");
    auto app = r.app();
    take_post(r.net, app);
    app.send(answer);
    if (then_close)
        app.half_close();
    BOOST_REQUIRE(r.done(posted));
    return posted.get();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_pool_suite)

BOOST_AUTO_TEST_CASE(one_connection_serves_requests_that_follow_each_other)
{
    pool_rig r;
    auto first = r.post(R"({"n":1})");
    auto app = r.app();
    BOOST_REQUIRE(app.receives(R"({"n":1})"));
    BOOST_TEST(app.received().starts_with("POST /hook?a=b HTTP/1.1\r\n"));
    BOOST_TEST(app.received().find("\r\nX-API-TOKEN: t0ken\r\n") != std::string::npos);
    app.forget();
    app.send(http_text("200 OK", "one"));
    BOOST_REQUIRE(r.done(first));
    BOOST_TEST(first.get().answer.body == "one");
    BOOST_TEST(r.pool->idle() == 1U);

    auto second = r.post(R"({"n":2})");
    BOOST_TEST(take_post(r.net, app) == R"({"n":2})");
    app.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n");
    r.settle();
    BOOST_TEST(!second.done());
    app.send("0\r\n\r\n");
    BOOST_REQUIRE(r.done(second));
    BOOST_TEST(second.get().answer.body == "two");

    auto third = r.post(R"({"n":3})");
    BOOST_TEST(take_post(r.net, app) == R"({"n":3})");
    app.send("HTTP/1.1 204 No Content\r\n\r\n");
    BOOST_REQUIRE(r.done(third));
    BOOST_TEST(third.get().answer.status == 204U);
    BOOST_TEST(r.pool->idle() == 1U);
}

BOOST_AUTO_TEST_CASE(answers_that_end_the_connection)
{
    const auto until_close = answer_with("HTTP/1.1 200 OK\r\n\r\nall of it", true);
    BOOST_TEST(until_close.failure == "");
    BOOST_TEST(until_close.answer.body == "all of it");

    pool_rig r;
    auto first = r.post("{}");
    auto app = r.app();
    take_post(r.net, app);
    app.send(http_text("200 OK", "x", "Connection: close\r\n"));
    BOOST_REQUIRE(r.done(first));
    BOOST_TEST(first.get().answer.body == "x");
    BOOST_TEST(r.pool->idle() == 0U);
    BOOST_TEST(app.sees_end());
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_closed_meanwhile_is_noticed_before_it_is_used)
{
    pool_rig r;
    auto first = r.post("1");
    {
        auto app = r.app();
        take_post(r.net, app);
        app.send(http_text("200 OK", "one"));
        BOOST_REQUIRE(r.done(first));
    }
    r.settle();
    auto second = r.post("2");
    auto app = r.app();
    BOOST_TEST(take_post(r.net, app) == "2");
    app.send(http_text("200 OK", "two"));
    BOOST_REQUIRE(r.done(second));
    BOOST_TEST(second.get().answer.body == "two");
}

// The app closes while the request is on its way: its kernel answers with a reset.
BOOST_AUTO_TEST_CASE(a_request_that_nobody_has_read_is_made_once_more)
{
    pool_rig r;
    auto first = r.post("1");
    auto app = r.app();
    take_post(r.net, app);
    app.stop_reading();
    app.send(http_text("200 OK", "one"));
    BOOST_REQUIRE(r.done(first));

    // One read of the peer is still pending, so the first of two requests goes through it.
    auto second = r.post("22");
    BOOST_REQUIRE(app.receives("22"));
    app.send(http_text("200 OK", "two"));
    BOOST_REQUIRE(r.done(second));
    auto third = r.post("333");
    r.settle();
    BOOST_TEST(app.received().find("333") == std::string::npos);
    app.close();
    auto again = r.app();
    BOOST_TEST(take_post(r.net, again) == "333");
    again.send(http_text("200 OK", "three"));
    BOOST_REQUIRE(r.done(third));
    BOOST_TEST(third.get().answer.body == "three");
}

// Once more only: an app that resets every request gets each of them twice at most.
BOOST_AUTO_TEST_CASE(a_new_connection_that_is_dead_is_a_failure)
{
    pool_rig r;
    auto posted = r.post("{}");
    auto app = r.app();
    app.reset();
    BOOST_REQUIRE(r.done(posted));
    BOOST_TEST(posted.get().failure.find("before the request") != std::string::npos,
               posted.get().failure);
}

BOOST_AUTO_TEST_CASE(a_request_that_may_have_been_read_is_never_repeated)
{
    for (const std::string_view said :
         {"", "H", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}) {
        pool_rig r;
        auto first = r.post("1");
        auto app = r.app();
        take_post(r.net, app);
        app.send(http_text("200 OK", "one"));
        BOOST_REQUIRE(r.done(first));

        auto second = r.post("2");
        take_post(r.net, app);
        if (!said.empty())
            app.send(said);
        app.close();
        BOOST_REQUIRE(r.done(second));
        BOOST_TEST(second.get().failure.find("without a whole answer") != std::string::npos,
                   second.get().failure);
        BOOST_TEST(r.pool->busy() == 0U);
        // Nobody has come to the port again.
        std::optional<asio::ip::tcp::socket> another;
        r.net.acceptor.async_accept([&](error_code ec, asio::ip::tcp::socket s) {
            if (!ec)
                another.emplace(std::move(s));
        });
        r.settle();
        BOOST_TEST(!another.has_value());
        r.net.acceptor.cancel();
        r.settle();
    }
}

BOOST_AUTO_TEST_CASE(answers_that_are_too_large_or_none)
{
    daemon_config::webhook_section s;
    s.answer_bytes = 10;
    const auto large = answer_with("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", false, s);
    BOOST_TEST(large.failure.find("larger than allowed") != std::string::npos);
    BOOST_TEST(answer_with(http_text("200 OK", "0123456789"), false, s).failure == "");
    const auto endless = answer_with("HTTP/1.1 200 OK\r\n\r\n01234567890", false, s);
    BOOST_TEST(endless.failure.find("larger than allowed") != std::string::npos);
    const auto header = answer_with("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'));
    BOOST_TEST(header.failure.find("larger than allowed") != std::string::npos);
    const auto other = answer_with("220 smtp.example.com ESMTP\r\n");
    BOOST_TEST(other.failure.find("not HTTP") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed)
{
    const auto result =
        answer_with(http_text("302 Found", "", "Location: http://127.0.0.1:1/\r\n"));
    BOOST_TEST(result.failure == "");
    BOOST_TEST(result.answer.status == 302U);
}

BOOST_AUTO_TEST_CASE(an_announcement_is_not_the_answer)
{
    const auto result =
        answer_with("HTTP/1.1 100 Continue\r\n\r\n" + http_text("200 OK", "answer"));
    BOOST_TEST(result.answer.body == "answer");
}

BOOST_AUTO_TEST_CASE(an_answer_that_takes_too_long)
{
    pool_rig r;
    auto posted = r.post("{}");
    auto app = r.app();
    take_post(r.net, app);
    app.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalf");
    r.settle();
    r.net.time.advance(4'999ms);
    r.settle();
    BOOST_TEST(!posted.done());
    r.net.time.advance(1ms);
    BOOST_REQUIRE(r.done(posted));
    BOOST_TEST(posted.get().failure.find("no answer in time") != std::string::npos);
    BOOST_TEST(app.sees_end());
}

BOOST_AUTO_TEST_CASE(nobody_listens)
{
    pool_rig r;
    r.net.acceptor.close();
    auto posted = r.post("{}");
    BOOST_REQUIRE(r.done(posted));
    BOOST_TEST(posted.get().failure.find("tcp: ") != std::string::npos, posted.get().failure);
    BOOST_TEST(posted.get().failure.starts_with("127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(requests_wait_for_their_turn_in_order_and_not_for_ever)
{
    daemon_config::webhook_section s;
    s.max_connections = 1;
    pool_rig r(s);
    auto first = r.post("1");
    auto app = r.app();
    BOOST_TEST(take_post(r.net, app) == "1");
    auto second = r.post("2");
    auto third = r.post("3");
    r.settle();
    BOOST_TEST(r.pool->waiting() == 2U);
    BOOST_TEST(r.pool->busy() == 1U);
    r.net.time.advance(3s);
    app.send(http_text("200 OK", "one"));
    BOOST_REQUIRE(r.done(first));
    BOOST_TEST(take_post(r.net, app) == "2");
    // The time of the wait counts: the app has two seconds left, and the third request as well.
    r.net.time.advance(2s);
    BOOST_REQUIRE(r.done(second));
    BOOST_REQUIRE(r.done(third));
    BOOST_TEST(second.get().failure.find("no answer in time") != std::string::npos);
    BOOST_TEST(third.get().failure != "");
    BOOST_TEST(r.pool->waiting() == 0U);
    BOOST_TEST(r.pool->busy() == 0U);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_closed_after_a_time)
{
    pool_rig r;
    asio::cancellation_signal stop;
    bool ended = false;
    asio::co_spawn(
        r.net.io, r.pool->close_idle(),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr) { ended = true; }));
    auto posted = r.post("{}");
    auto app = r.app();
    take_post(r.net, app);
    app.send(http_text("200 OK"));
    BOOST_REQUIRE(r.done(posted));
    r.settle();
    r.net.time.advance(29'999ms);
    r.settle();
    BOOST_TEST(!app.ended());
    r.net.time.advance(1ms);
    BOOST_TEST(app.sees_end());
    BOOST_TEST(r.pool->idle() == 0U);
    stop.emit(asio::cancellation_type::terminal);
    BOOST_TEST(r.net.until([&] { return ended; }));
}

BOOST_AUTO_TEST_CASE(another_target_leaves_no_connection_to_the_old_one)
{
    pool_rig r;
    auto first = r.post("1");
    auto second = r.post("2");
    auto app = r.app();
    auto other = r.app();
    take_post(r.net, app);
    app.send(http_text("200 OK"));
    BOOST_REQUIRE(r.net.until([&] { return first.done() || second.done(); }));
    BOOST_TEST(r.pool->idle() == 1U);
    r.pool->set_target(std::make_shared<const webhook_target>(*r.target));
    BOOST_TEST(app.sees_end());
    take_post(r.net, other);
    other.send(http_text("200 OK"));
    BOOST_REQUIRE(r.done(first));
    BOOST_REQUIRE(r.done(second));
    BOOST_TEST(other.sees_end());
    BOOST_TEST(r.pool->idle() == 0U);
}

BOOST_AUTO_TEST_CASE(cancelled_at_any_stage)
{
    for (int steps = 0; steps < 30; ++steps) {
        pool_rig r;
        asio::cancellation_signal stop;
        std::optional<webhook_result> result;
        asio::co_spawn(r.net.io, r.pool->post("{}"),
                       asio::bind_cancellation_slot(
                           stop.slot(), [&](std::exception_ptr error, webhook_result got) {
                               BOOST_TEST(!error);
                               result = std::move(got);
                           }));
        r.net.io.restart();
        for (int i = 0; i < steps; ++i)
            r.net.io.poll_one();
        stop.emit(asio::cancellation_type::terminal);
        BOOST_REQUIRE(r.net.until([&] { return result.has_value(); }));
        BOOST_TEST(result->cancelled);
        BOOST_TEST(r.pool->busy() == 0U);
        BOOST_TEST(r.pool->waiting() == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
