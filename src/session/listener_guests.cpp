// How a connection that was accepted is served.

#include "session/listener_loop.hpp"
#include "transport/websocket_upgrade.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace aiflow {

namespace {

std::string refusal(unsigned status, std::string_view why)
{
    return "HTTP " + std::to_string(status) + ": " + std::string(why);
}

// What is said of an upgrade otherwise is meant for the side that asks for it.
std::string why_no_request(const connect_failure& f)
{
    if (f.http_status != 0)
        return refusal(f.http_status, f.detail);
    if (f.error == errc::upgrade_timeout)
        return "sent no whole HTTP request in time";
    if (f.error == errc::connection_lost)
        return "left without a whole HTTP request";
    return f.error.message();
}

}  // namespace

asio::awaitable<void> listener_loop::serve(guest_ptr g)
{
    const auto self = shared_from_this();
    co_await asio::this_coro::throw_if_cancelled(false);
    try {
        co_await serve_requests(g);
        // Not from inside the above: a call lasts, and what served its request need not.
        if (g->websocket) {
            const auto ended = co_await g->websocket->run();
            g->websocket.reset();
            note_end(*g, ended);
        }
    } catch (...) {
        // Out of memory: the others are still served.
    }
    let_in(*g);  // it counts as a stranger no more
    g->among_all.unlink();
    --status_.open;
    left_.notify();
}

asio::awaitable<void> listener_loop::serve_requests(guest_ptr g)
{
    if (const auto tls = tls_) {
        const auto by = time_.now() + options_.tls_timeout;
        if (const auto failed = co_await g->http->secure(tls.get(), by)) {
            if (g->is_stranger())
                note_refused(*g, to_string(*failed));
            co_return;
        }
    }
    for (auto patience = options_.request_timeout;; patience = options_.http_idle) {
        const auto by = time_.now() + patience;
        auto failed = co_await g->http->read_header(by);
        access_decision decision;  // refused, until there is something to decide on
        if (!failed)
            decision = decide(g->http->request(), access_);
        // Nobody's body is read before it is known that it may be sent.
        const bool needs_body =
            decision.kind == access_decision::event || decision.kind == access_decision::websocket;
        if (needs_body && !g->http->is_complete())
            failed = co_await g->http->read(by);
        if (failed) {
            // One that was let in before has simply gone.
            if (g->is_stranger() || failed->http_status != 0)
                note_refused(*g, why_no_request(*failed));
            co_return;
        }
        g->busy = true;
        const bool again = co_await serve_request(g, decision);
        g->busy = false;
        if (!again)
            co_return;
        // The next request may be there already: the others have their turn first.
        co_await asio::post(executor_, asio::use_awaitable);
    }
}

asio::awaitable<bool> listener_loop::serve_request(guest_ptr g, access_decision decision)
{
    if (decision.kind == access_decision::websocket) {
        const auto wrong = check_upgrade(g->http->request());
        if (wrong.status != 0) {
            access_decision no;
            no.status = wrong.status;
            no.detail = wrong.detail;
            no.allowed = "GET";
            co_return co_await refuse(g, no);
        }
    }
    const bool is_call =
        decision.kind == access_decision::websocket || decision.kind == access_decision::event;
    if (is_call && (stopping_ || status_.open > options_.max_connections)) {
        decision.kind = access_decision::refused;
        decision.status = 503;
        decision.detail = stopping_ ? "shutting down" : "max_connections are open";
    }
    switch (decision.kind) {
    case access_decision::websocket:
        co_return co_await open_websocket(g);
    case access_decision::event:
        co_return co_await serve_event(g);
    case access_decision::health:
        co_return co_await serve_health(g);
    case access_decision::refused:
        break;
    }
    co_return co_await refuse(g, decision);
}

asio::awaitable<bool> listener_loop::refuse(guest_ptr g, access_decision why)
{
    note_refused(*g, refusal(why.status, why.detail));
    http_answer no;
    no.status = why.status;
    co_await g->http->answer(std::move(no), why.allowed);
    co_return false;
}

asio::awaitable<bool> listener_loop::serve_health(guest_ptr g)
{
    http_answer a;
    a.status = stopping_ ? 503 : 200;
    a.content_type = "text/plain";
    if (g->http->request().method != "HEAD")
        a.body = stopping_ ? "stopping\n" : "ok\n";
    co_await g->http->answer(std::move(a));
    co_return false;
}

asio::awaitable<bool> listener_loop::serve_event(guest_ptr g)
{
    let_in(*g);
    auto& request = g->http->request();
    const bool keep = request.newest && request.keep_alive;
    auto body = std::move(request.body);
    auto reply = co_await endpoint_->receive(std::move(body));
    if (reply.status == 400)
        note_refused(*g, refusal(400, reply.detail));
    http_answer a;
    a.status = reply.status;
    a.body = reply.letter.body;
    if (!a.body.empty())
        a.content_type = "application/json";
    a.keep_alive = keep && !stopping_;
    const bool again = a.keep_alive;
    const auto ec = co_await g->http->answer(std::move(a));
    endpoint_->replied(reply, !ec);
    co_return again && !ec;
}

asio::awaitable<bool> listener_loop::open_websocket(guest_ptr g)
{
    let_in(*g);
    const std::string key(g->http->request().value("Sec-WebSocket-Key"));
    auto opened = co_await g->http->upgrade(key, {});
    if (!opened) {
        note_refused(*g, to_string(opened.error()));
        co_return false;
    }
    g->websocket = std::make_shared<connection>(std::move(*opened), home(), time_,
                                                options_.connection, std::to_string(g->number));
    g->http.reset();  // an idle connection need not hold the request
    note_open(*g);
    if (aborting_)
        g->websocket->abort();
    else if (stopping_)
        g->websocket->stop(1001, "going away");
    co_return false;
}

}  // namespace aiflow
