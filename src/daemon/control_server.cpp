#include "daemon/control_server.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>

#include <algorithm>
#include <utility>

namespace aiflow {

namespace {

constexpr std::chrono::milliseconds wait_for_descriptors{100};
constexpr std::chrono::seconds farewell{2};
constexpr std::size_t small_body = 1024;

std::string origin(std::optional<uid_t> user)
{
    return user ? "uid " + std::to_string(*user) : "the network";
}

}  // namespace

control_server::guest::guest(socket s, timetable& times, const stream_limits& limits)
    : http(std::move(s), times, limits)
{
}

control_server::control_server(stream_acceptor acceptor, control_api& api,
                               control_server_options options)
    : acceptor_(std::move(acceptor)), api_(api), options_(std::move(options)),
      time_(*options_.time), times_(acceptor_.get_executor(), time_),
      left_(acceptor_.get_executor())
{
    // Nobody has a reason to send more than a header there.
    if (options_.scope == control_scope::observation)
        options_.limits.message_bytes = small_body;
}

asio::awaitable<void> control_server::run()
{
    using namespace asio::experimental::awaitable_operators;
    const auto self = shared_from_this();
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await (serve_all() || times_.watch());
    for (const auto& g : guests_)
        g->http.abort();
}

asio::awaitable<void> control_server::serve_all()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await accept_all();
    co_await see_out();
}

void control_server::stop()
{
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& g : guests_) {
        if (g->tail)
            g->tail->end();
        else if (!g->busy)
            g->http.abort();
    }
}

asio::awaitable<void> control_server::accept_all()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_) {
        auto [ec, s] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return;
        if (!ec) {
            welcome(std::move(s));
            continue;
        }
        if (stopping_)
            co_return;
        if (const auto left_out = refusals_.allow(time_.now()))
            options_.log.write(log_level::error, "control.accept", ec.message(),
                               {{"suppressed", std::to_string(*left_out)}});
        // Most likely there is no descriptor left; one comes back when a connection ends.
        co_await time_.sleep_until(time_.now() + wait_for_descriptors);
    }
}

asio::awaitable<void> control_server::see_out()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state))
        co_return;
    const auto by = time_.now() + farewell;
    while (!guests_.empty()) {
        if (!co_await left_.wait_until(time_, by))
            break;
    }
    for (const auto& g : guests_)
        g->http.abort();
    // Nothing holds them any more but the storage, which answers.
    while (!guests_.empty()) {
        co_await left_.wait();
        const auto now = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(now))
            co_return;
    }
}

void control_server::welcome(socket s)
{
    // A child of the daemon is not to hold the connections of its operators.
    ::fcntl(s.native_handle(), F_SETFD, FD_CLOEXEC);
    const auto user = options_.access ? peer_user(s.native_handle()) : std::nullopt;
    auto g = std::make_shared<guest>(std::move(s), times_, options_.limits);
    g->user = user;
    // Nobody makes way for one who is going to be refused.
    if (guests_.size() >= options_.max_connections && !(may_control(*g) && make_room())) {
        note_refused(*g, "as many connections as allowed are busy");
        return;
    }
    guests_.push_back(g);
    asio::co_spawn(acceptor_.get_executor(), serve(std::move(g)), asio::detached);
}

bool control_server::may_control(const guest& g) const
{
    return !options_.access || (g.user && options_.access->allows(*g.user));
}

// Closes the connection that has waited longest; it is gone as soon as it notices.
bool control_server::make_room()
{
    const auto oldest =
        std::find_if(guests_.begin(), guests_.end(), [](const guest_ptr& g) { return !g->busy; });
    if (oldest == guests_.end())
        return false;
    (*oldest)->http.abort();
    guests_.erase(oldest);
    return true;
}

asio::awaitable<void> control_server::serve(guest_ptr g)
{
    const auto self = shared_from_this();
    co_await asio::this_coro::throw_if_cancelled(false);
    if (may_control(*g)) {
        co_await serve_requests(g);
    } else {
        note_refused(*g, "this user may not control the daemon");
        const control_error no{403, "not_permitted", "",
                               "this user may not control the daemon; be root or the daemon's "
                               "user, or get into control.users"};
        co_await refuse(g, no);
    }
    guests_.remove(g);
    left_.notify();
}

asio::awaitable<void> control_server::serve_requests(guest_ptr g)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (auto patience = options_.request_timeout;; patience = options_.idle) {
        if (const auto failed = co_await g->http.read(time_.now() + patience)) {
            if (failed->http_status != 0)
                note_refused(*g,
                             "HTTP " + std::to_string(failed->http_status) + ": " + failed->detail);
            co_return;
        }
        g->busy = true;
        const bool again = co_await serve_request(g);
        g->busy = false;
        if (!again)
            co_return;
        // It has begun to wait just now.
        guests_.remove(g);
        guests_.push_back(g);
    }
}

asio::awaitable<bool> control_server::serve_request(guest_ptr g)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto request = std::move(g->http.request());
    const bool keep = request.newest && request.keep_alive;
    const bool changes = request.method != "GET" && request.method != "HEAD";
    std::string what = request.method + " " + printable(request.path(), 64);
    auto a = co_await api_.serve(std::move(request), options_.scope);
    if (changes)
        note_change(*g, std::move(what), a.status);
    if (a.tail) {
        co_await serve_tail(g, std::move(a));
        co_return false;
    }
    http_answer said;
    said.status = a.status;
    said.body = std::move(a.body);
    if (!said.body.empty())
        said.content_type = a.content_type;
    said.keep_alive = keep && !stopping_;
    const bool again = said.keep_alive;
    const auto ec = co_await g->http.answer(std::move(said), a.allowed);
    co_return again && !ec && !stopping_;
}

asio::awaitable<void> control_server::serve_tail(guest_ptr g, control_answer a)
{
    using namespace asio::experimental::awaitable_operators;
    co_await asio::this_coro::throw_if_cancelled(false);
    g->tail = std::move(a.tail);
    if (stopping_)
        g->tail->end();
    http_answer said;
    said.content_type = a.content_type;
    if (co_await g->http.begin(std::move(said)))
        co_return;
    const auto first = co_await (write_lines(g) || g->http.peer_gone());
    const bool in_order = first.index() == 0 && !std::get<0>(first);
    if (in_order)
        co_await g->http.end();
    g->tail.reset();
}

asio::awaitable<error_code> control_server::write_lines(guest_ptr g)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            co_return asio::error::operation_aborted;
        const auto lines = g->tail->take();
        if (lines.empty()) {
            if (g->tail->ended())
                co_return error_code{};
            co_await g->tail->wait();
            continue;
        }
        const auto ec = co_await g->http.write(lines, time_.now() + options_.tail_stall);
        if (ec)
            co_return ec;
    }
}

asio::awaitable<void> control_server::refuse(guest_ptr g, control_error why)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto a = error_answer(why);
    http_answer said;
    said.status = a.status;
    said.body = std::move(a.body);
    said.content_type = a.content_type;
    co_await g->http.answer(std::move(said));
}

void control_server::note_refused(const guest& g, std::string_view why)
{
    const auto left_out = refusals_.allow(time_.now());
    if (!left_out)
        return;
    options_.log.write(log_level::warning, "control.refused", why,
                       {{"from", origin(g.user)}, {"suppressed", std::to_string(*left_out)}});
}

void control_server::note_change(const guest& g, std::string what, unsigned status)
{
    options_.log.write(log_level::info, "control.change", "an operator asked for a change",
                       {{"request", std::move(what)},
                        {"status", std::to_string(status)},
                        {"from", origin(g.user)}});
}

}  // namespace aiflow
