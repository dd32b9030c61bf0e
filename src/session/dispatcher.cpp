#include "session/dispatcher.hpp"

#include "session/handler_pool.hpp"
#include "transport/deadline.hpp"
#include "transport/exception_text.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace aiflow {

namespace {

problem refused(errc code, std::string text)
{
    return {make_error_code(code), "session", std::move(text)};
}

}  // namespace

dispatcher::dispatcher(asio::any_io_executor executor, clock& time, logger log,
                       session_options options, outbox& store, std::uint64_t seed)
    : env_(std::make_shared<session_environment>(session_environment{
          executor, &time, log, options, std::make_shared<handler_pool>(executor), {}, this})),
      times_(executor, time), idle_(executor), quiet_(executor), turn_(write_turn::of(executor)),
      sms_(executor, time, std::move(log), *this, store, options.sms, seed)
{
}

session_statistics dispatcher::snapshot() const noexcept
{
    auto now = env_->statistics;
    now.open_sessions = live_;
    now.open_connections = connections_.size();
    for (const auto& s : sessions_)
        now.queued_events += s->runner.waiting();
    for (const session_link* c : connections_)
        now.queued_messages += c->waiting();
    return now;
}

asio::awaitable<error_code> dispatcher::start()
{
    return sms_.start();
}

std::shared_ptr<session_state> dispatcher::find(std::string_view id) const
{
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? nullptr : *found;
}

std::optional<session> dispatcher::find_open(std::string_view id) const
{
    auto found = find(id);
    if (!found || found->over)
        return std::nullopt;
    return session(std::move(found));
}

std::shared_ptr<session_state> dispatcher::receive(session_link& c, std::string_view json,
                                                   clock::time_point now, backlog& rest)
{
    const auto decoded = decoder_.decode(json);
    auto& count = env_->statistics;
    count.wrong_types += decoded.wrong_types;
    if (decoded.dropped > 0) {
        count.dropped_events += decoded.dropped;
        if (!std::exchange(c.complained, true))
            env_->log.write(log_level::warning, "event.malformed",
                            "what came is not an event; further ones are only counted",
                            {{"connection", c.label()},
                             {"bytes", std::to_string(json.size())},
                             {"why", decoded.error.message()}});
    }
    if (decoded.events.empty())
        return nullptr;
    c.mark_proven();
    const auto bytes = json.size() / decoded.events.size();
    for (auto in = decoded.events.begin(); in != decoded.events.end(); ++in) {
        if (auto full = receive(c, *in, now, bytes)) {
            // The decoder is needed for other connections while this one waits.
            std::move(in, decoded.events.end(), std::back_inserter(rest));
            return full;
        }
    }
    return nullptr;
}

std::shared_ptr<session_state> dispatcher::resume(session_link& c, clock::time_point now,
                                                  backlog& rest)
{
    for (; !rest.empty(); rest.pop_front())
        if (auto full = receive(c, rest.front(), now, 0))
            return full;
    return nullptr;
}

asio::awaitable<void> dispatcher::make_room(session_link& c, std::shared_ptr<session_state> full)
{
    const auto& options = env_->options;
    // Alone on its connection it may be slow as long as it gets on. Others wait so long in all.
    const clock::duration patience = c.sessions.size() > 1
                                         ? options.shared_overflow_patience - full->runner.held_up()
                                         : clock::duration(options.overflow_patience);
    const bool room = co_await full->runner.wait_for_room(patience);
    // A connection that is gone is no fault of the session.
    const auto state = co_await asio::this_coro::cancellation_state;
    const bool given_up = is_cancelled(state);
    if (room || full->over || given_up)
        co_return;
    ++env_->statistics.overflown_sessions;
    env_->log.write(log_level::error, "session.overflow",
                    "the handler is too slow for its events; the session is given up",
                    {{"session", short_id(full->info.id)}});
    // Its queue is full of what it cannot keep up with; the end is the one thing still to be told.
    full->runner.drop_queued();
    end(*full, {{}, end_cause::overflow});
}

std::shared_ptr<session_state> dispatcher::receive(session_link& c, incoming_event& in,
                                                   clock::time_point now, std::size_t bytes)
{
    auto s = session_for(c, in);
    if (!s)
        return nullptr;
    if (s->over && !std::holds_alternative<sms_failed>(in.event)) {
        ++env_->statistics.late_events;
        return nullptr;
    }
    // Nobody waits for a call that is over.
    if (!s->over && s->runner.full() && !std::holds_alternative<user_speech_started>(in.event))
        return s;
    ++env_->statistics.events;
    s->last_event = now;
    s->started = s->started || std::holds_alternative<session_start>(in.event);
    route(*s, in.event, bytes);
    return nullptr;
}

// Most connections carry one call: then nobody has to be looked up.
std::shared_ptr<session_state> dispatcher::find_on(const session_link& c, std::string_view id) const
{
    if (c.sessions.size() == 1 && c.sessions.front()->info.id == id)
        return c.sessions.front()->shared_from_this();
    return find(id);
}

// The session of the event, on this connection from now on; null when there is nobody to tell.
std::shared_ptr<session_state> dispatcher::session_for(session_link& c, incoming_event& in)
{
    auto s = find_on(c, in.session.id);
    auto* start = std::get_if<session_start>(&in.event);
    const bool revived = start && s && s->over && !stopping_ && live_ < env_->options.max_sessions;
    if (start)
        start->resumed = s ? s->started : ended_.contains(in.session.id);
    if (!s) {
        if (!is_worth_opening(in))
            return nullptr;
        s = open(in.session);
    } else {
        s->info.merge(in.session);
    }
    if (revived)
        revive(*s);
    if (s->over)
        return s;
    adopt(*s, c);
    // Its transfer has failed, though it never left this connection.
    if (start && start->resumed && s->known_to_sms)
        sms_.session_up(s->info.id);
    return s;
}

// A call that was taken as over is back, so its sign of life counts more.
void dispatcher::revive(session_state& s)
{
    s.over = false;
    ++live_;
    s.last_event = env_->time->now();
    s.gap_since = {};
    schedule(s);
    if (!s.runner.has_handler())
        s.runner.start(make_handler(s.shared_from_this()), short_id(s.info.id));
}

bool dispatcher::is_worth_opening(const incoming_event& in)
{
    auto& count = env_->statistics;
    const auto& id = in.session.id;
    if (const auto* failure = std::get_if<sms_failed>(&in.event)) {
        // It may be about an SMS of a call that is over, or of a process before this one.
        ++count.events;
        sms_.failed(id, *failure);
        return false;
    }
    if (std::holds_alternative<session_end>(in.event)) {
        ++count.late_events;
        sms_.session_over(id, ways_ > 0);
        return false;
    }
    if (ended_.contains(id) && !std::holds_alternative<session_start>(in.event)) {
        ++count.late_events;
        return false;
    }
    if (stopping_ || live_ >= env_->options.max_sessions) {
        ++count.dropped_events;
        if (!stopping_ && !std::exchange(too_many_logged_, true))
            env_->log.write(log_level::error, "session.too_many",
                            "no further session is opened; raise max_sessions",
                            {{"open", std::to_string(live_)}});
        return false;
    }
    return true;
}

std::unique_ptr<handler> dispatcher::make_handler(const session_ptr& s)
{
    if (!factory_) {
        if (!std::exchange(unserved_logged_, true))
            env_->log.write(log_level::error, "session.unserved",
                            "nothing handles the calls: serve() was not called before async_run()");
        return nullptr;
    }
    try {
        return factory_(session(s));
    } catch (...) {
        ++env_->statistics.handler_errors;
        env_->log.write(log_level::error, "session.handler_failed", "the handler could not be made",
                        {{"session", short_id(s->info.id)},
                         {"error", exception_text(std::current_exception())}});
        return nullptr;
    }
}

std::shared_ptr<session_state> dispatcher::open(const session_info& info)
{
    auto s = std::make_shared<session_state>(env_, info);
    sessions_.insert(s);
    ++live_;
    ++env_->statistics.sessions;
    s->last_event = env_->time->now();
    // It may have SMS of a process before this one, or of a call that was taken as over.
    s->known_to_sms = sms_.knows_session(info.id);
    schedule(*s);
    // A handler that does not heed its interruption may be done when the dispatcher is gone.
    s->runner.on_idle([raw = s.get()] {
        if (raw->env->home)
            raw->env->home->handler_idle(*raw);
    });
    s->runner.start(make_handler(s), short_id(info.id));
    return s;
}

// Most sessions never have one: what becomes of those is not told, and nothing remembered.
void dispatcher::introduce(session_state& s)
{
    if (s.known_to_sms)
        return;
    sms_.session_up(s.info.id);
    s.known_to_sms = true;
    if (!s.link)
        sms_.session_gap(s.info.id);
}

void dispatcher::adopt(session_state& s, session_link& c)
{
    if (s.link == &c)
        return;
    const bool was_gap = !s.link && s.gap_since != clock::time_point{};
    leave_link(s, false);
    s.link = &c;
    c.sessions.push_back(&s);
    if (s.known_to_sms)
        sms_.session_up(s.info.id);
    if (!was_gap)
        return;
    const gap missed{s.gap_since, env_->time->now()};
    s.gap_since = {};
    ++env_->statistics.gaps;
    push(s, missed, env_->time->now());
}

void dispatcher::route(session_state& s, event& e, std::size_t bytes)
{
    const bool answerable = is_answerable(e);
    const bool barge_in_interrupts = env_->options.interrupt == interruption::barge_in;
    if (auto* end_event = std::get_if<session_end>(&e)) {
        end(s, std::move(*end_event));
    } else if (auto* failure = std::get_if<sms_failed>(&e)) {
        auto told = sms_.failed(s.info.id, *failure);
        if (!s.over || !s.runner.full())
            push(s, std::move(told), s.last_event, bytes);
    } else if (std::holds_alternative<user_speech_started>(e)) {
        s.runner.speech_started();
    } else {
        const auto* speech = std::get_if<user_speak>(&e);
        const bool barged_in =
            (speech && speech->barged_in) || std::holds_alternative<user_barge_in>(e);
        if (barged_in && barge_in_interrupts)
            s.runner.interrupt();
        if (std::holds_alternative<unknown_event>(e))
            ++env_->statistics.unknown_events;
        push(s, std::move(e), s.last_event, bytes);
    }
    if (answerable && !s.over && s.known_to_sms && env_->options.sms.retry_with_next_event)
        sms_.session_answerable(s.info.id);
}

void dispatcher::push(session_state& s, session_event&& e, clock::time_point received,
                      std::size_t bytes)
{
    s.runner.push(std::move(e), bytes, received, s.shared_from_this());
}

checked<void> dispatcher::send(session_state& s, std::span<const action> actions, bool as_array)
{
    auto& count = env_->statistics;
    auto result = try_send(s, actions, as_array);
    if (result)
        count.actions += actions.size();
    else
        ++count.refused_actions;
    return result;
}

checked<void> dispatcher::try_send(session_state& s, std::span<const action> actions, bool as_array)
{
    if (s.over)
        return refused(errc::session_over, "the call has ended");
    if (!s.link)
        return refused(errc::no_connection, "its connection is gone and has not come back yet");
    bool transfers = false;
    bool hangs_up = false;
    for (const auto& a : actions) {
        if (std::holds_alternative<send_sms>(a))
            return problem{make_error_code(errc::invalid_choice), "send_sms",
                           "is sent by send_sms or async_send_sms, which look after the message"};
        if (auto wrong = validate(a))
            return std::move(*wrong);
        transfers |= std::holds_alternative<transfer>(a);
        hangs_up |= std::holds_alternative<hangup>(a);
    }
    if (actions.empty())
        return {};
    if (hangs_up && s.known_to_sms)
        sms_.flush_held(s.info.id);
    auto queued = s.link->queue(s.info.id, actions, as_array);
    if (queued && transfers) {
        introduce(s);
        sms_.session_transferred(s.info.id);
    }
    return queued;
}

bool dispatcher::transmit(std::string_view session_id, const sms_attempt_key& key, send_sms frame)
{
    const auto s = find(session_id);
    if (!s || s->over || !s->link || !s->link->queue_sms(session_id, key, std::move(frame)))
        return false;
    ++env_->statistics.actions;
    return true;
}

void dispatcher::rejected(std::string_view session_id)
{
    const auto s = find(session_id);
    if (s && s->over)
        forget_later(*s);
}

void dispatcher::report(std::string_view session_id, const sms_outcome& outcome)
{
    const auto s = find(session_id);
    if (!s)
        return;
    // Not from inside the sender: the handler may send the next SMS at once.
    ++s->outcomes_under_way;
    asio::post(env_->executor, [self = weak_from_this(), s, outcome = outcome]() mutable {
        --s->outcomes_under_way;
        const auto home = self.lock();
        if (!home)
            return;
        if (s->runner.has_handler())
            home->push(*s, std::move(outcome), home->env_->time->now());
        else if (s->over)
            home->forget_if_done(*s);
    });
}

}  // namespace aiflow
