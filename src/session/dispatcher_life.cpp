// How connections come and go, and how sessions end and are forgotten.

#include "session/dispatcher.hpp"
#include "session/handler_pool.hpp"
#include "transport/caught.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace aiflow {

dispatcher::~dispatcher()
{
    env_->home = nullptr;
    turn_->leave(connections_.size());
    env_->handlers->close();
    // A handler holds its session, which holds the handler.
    for (const auto& s : sessions_)
        s->runner.discard();
}

void dispatcher::attach(session_link& c)
{
    ++env_->statistics.connections;
    connections_.insert(&c);
    turn_->enter();
    reachable();
}

void dispatcher::reachable()
{
    if (++ways_ == 1)
        sms_.vendor_reachable(true);
}

void dispatcher::unreachable()
{
    if (--ways_ == 0)
        sms_.vendor_reachable(false);
}

void dispatcher::detach(session_link& c)
{
    const auto now = env_->time->now();
    const auto left = std::exchange(c.sessions, {});
    for (session_state* s : left)
        s->link = nullptr;
    for (session_state* s : left) {
        s->gap_since = now;
        schedule(*s);
        if (s->known_to_sms)
            sms_.session_gap(s->info.id);
    }
    connections_.erase(&c);
    turn_->leave();
    unreachable();
}

clock::time_point dispatcher::deadline_of(const session_state& s) const
{
    const auto& options = env_->options;
    return s.link ? s.last_event + options.expiry : s.gap_since + options.grace;
}

// Every live session has one entry. It may be too early, since events do not touch it, never late.
void dispatcher::schedule(session_state& s)
{
    times_.remove(s);
    if (s.over)
        return;
    const bool fresh = !s.link && s.gap_since == clock::time_point{};
    times_.advance(s, fresh ? s.last_event + env_->options.expiry : deadline_of(s));
}

asio::awaitable<std::exception_ptr> dispatcher::watch_during(asio::awaitable<void> work)
{
    using namespace asio::experimental::awaitable_operators;
    co_await asio::this_coro::throw_if_cancelled(false);
    std::exception_ptr thrown;
    co_await (caught(std::move(work), thrown) || watch());
    co_return thrown;
}

asio::awaitable<void> dispatcher::watch()
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await times_.watch();
    // Nobody calls any more; what handlers still wait for, they finish.
    env_->handlers->close();
}

void session_state::on_due(clock::time_point now)
{
    if (env->home)
        env->home->expire(*this, now);
}

void dispatcher::expire(session_state& s, clock::time_point now)
{
    if (deadline_of(s) > now) {
        schedule(s);
        return;
    }
    const bool lost = !s.link;
    ++(lost ? env_->statistics.lost_sessions : env_->statistics.expired_sessions);
    env_->log.write(log_level::warning, lost ? "session.lost" : "session.expired",
                    lost ? "its connection did not come back; the session is over"
                         : "no event for too long; the session is taken as over",
                    {{"session", short_id(s.info.id)}});
    end(s, {{}, lost ? end_cause::connection_lost : end_cause::expired});
}

void dispatcher::end(session_state& s, session_end e)
{
    if (s.over)
        return;
    s.over = true;
    --live_;
    if (live_ == 0)
        quiet_.notify();
    // At a shutdown the call itself may go on: what was said is sent, and a durable outbox keeps
    // what waits for the next start.
    const bool call_over = e.cause != end_cause::shut_down;
    leave_link(s, call_over);
    schedule(s);
    if (s.known_to_sms && (call_over || !sms_.goes_on_after_stop()))
        sms_.session_over(s.info.id, ways_ > 0);
    s.runner.interrupt();
    if (s.runner.has_handler())
        push(s, event(std::move(e)), env_->time->now());
    else
        forget_later(s);
}

void dispatcher::leave_link(session_state& s, bool call_over)
{
    auto* const left = std::exchange(s.link, nullptr);
    if (!left)
        return;
    std::erase(left->sessions, &s);
    left->session_left(s, call_over);
}

void dispatcher::handler_idle(session_state& s)
{
    if (s.link)
        s.link->handler_idle();
    if (s.over)
        forget_later(s);
    if (stopping_)
        idle_.notify();
}

// Later, since whoever ended the session may still be looking at it.
void dispatcher::forget_later(session_state& s)
{
    asio::post(env_->executor, [self = weak_from_this(), s = s.shared_from_this()] {
        if (const auto home = self.lock())
            home->forget_if_done(*s);
    });
}

void dispatcher::forget_if_done(session_state& s)
{
    // A handler that waits for an outcome stays; one that still works is asked again when idle.
    if (!s.over || !s.runner.idle() || s.outcomes_under_way > 0 ||
        (s.known_to_sms && sms_.has_open(s.info.id)))
        return;
    const auto found = sessions_.find(std::string_view(s.info.id));
    // It may have been asked for before, and another session of its id may be there since.
    if (found == sessions_.end() || found->get() != &s)
        return;
    s.runner.discard();
    ended_.add(s.info.id);
    sessions_.erase(found);
}

asio::awaitable<void> dispatcher::stop(clock::duration patience)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    refuse_new();
    const std::vector<session_ptr> all(sessions_.begin(), sessions_.end());
    for (const auto& s : all)
        end(*s, {{}, end_cause::shut_down});
    co_await sms_.stop();
    const auto deadline = env_->time->now() + patience;
    const auto busy = [&all] {
        return std::any_of(all.begin(), all.end(),
                           [](const session_ptr& s) { return !s->runner.idle(); });
    };
    // Even without patience, a handler that takes no time is told. The first turns bring the last
    // outcomes, which are on their way to handlers that are idle now.
    for (int turn = 0; turn < 16 && (turn < 4 || busy()); ++turn)
        co_await asio::post(env_->executor, asio::use_awaitable);
    while (busy()) {
        if (!co_await idle_.wait_until(*env_->time, deadline))
            break;
    }
    for (const auto& s : all)
        s->runner.discard();
}

}  // namespace aiflow
