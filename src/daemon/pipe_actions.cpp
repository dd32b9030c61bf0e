#include "daemon/pipe_actions.hpp"

#include "transport/deadline.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace aiflow {

namespace {

constexpr std::size_t max_waiting = 1024;

// A bot that answers each refusal with another SMS would keep both sides busy for ever.
constexpr unsigned max_refusals_shown = 3;

// Ids come from the child, and may be anything.
constexpr std::size_t id_bytes = 64;

}  // namespace

pipe_actions::pipe_actions(const asio::any_io_executor& executor, clock& time, const logger& log,
                           refusal_sink refused)
    : executor_(executor), time_(time), log_(log), refused_(std::move(refused)), room_(executor)
{
}

void pipe_actions::enter(const std::shared_ptr<pipe_call>& call)
{
    calls_.insert_or_assign(call->call->id(), call);
}

void pipe_actions::leave(const std::shared_ptr<pipe_call>& call)
{
    // A session of the same id may have got a new handler before this one went.
    const auto found = calls_.find(call->call->id());
    if (found != calls_.end() && found->second == call)
        calls_.erase(found);
}

void pipe_actions::line(std::string_view text)
{
    auto decoded = decode_actions(text);
    if (!decoded) {
        ++counts_.bad_lines;
        if (const auto left_out = bad_line_limit_.allow(time_.now()))
            log_.write(log_level::warning, "pipe.bad_line",
                       "a line of the child is no action and was dropped",
                       {{"why", to_string(decoded.error())},
                        {"bytes", std::to_string(text.size())},
                        {"left_out", std::to_string(*left_out)}});
        return;
    }
    ++counts_.answers;
    for (std::size_t i = 0; i < decoded->size();) {
        const std::string session_id = std::move((*decoded)[i].session_id);
        std::vector<action> actions;
        do
            actions.push_back(std::move((*decoded)[i].action));
        while (++i < decoded->size() && (*decoded)[i].session_id == session_id);
        route(session_id, std::move(actions));
    }
}

void pipe_actions::route(const std::string& session_id, std::vector<action> actions)
{
    const auto found = calls_.find(session_id);
    if (found == calls_.end() || found->second->call->over()) {
        no_session(session_id, actions.size());
        return;
    }
    const auto& call = found->second;
    call->answer_owed = false;
    call->waiting.push_back(std::move(actions));
    ++waiting_;
    if (!std::exchange(call->busy, true))
        asio::co_spawn(executor_, carry_out(shared_from_this(), call), asio::detached);
}

void pipe_actions::no_session(const std::string& session_id, std::size_t actions)
{
    counts_.no_session += actions;
    auto id = session_id.substr(0, id_bytes);
    if (told_.contains(id))
        return;
    told_.add(std::move(id));
    if (no_session_limit_.allow(time_.now()))
        log_.write(log_level::info, "pipe.no_session",
                   "the child acts on a call that is over or was never there",
                   {{"session", printable(short_id(session_id))}});
}

asio::awaitable<void> pipe_actions::carry_out(std::shared_ptr<pipe_actions> self,
                                              std::shared_ptr<pipe_call> call)
{
    while (!call->waiting.empty()) {
        auto actions = std::move(call->waiting.front());
        call->waiting.pop_front();
        auto done = co_await bot_call::act(call->call, std::move(actions));
        if (--self->waiting_ < max_waiting)
            self->room_.notify();
        self->show_refusals(*call, std::move(done.failures));
    }
    call->busy = false;
}

void pipe_actions::show_refusals(pipe_call& call, std::vector<sms_failed> failures)
{
    for (sms_failed& f : failures) {
        if (!refused_ || call.refusals_shown >= max_refusals_shown)
            return;
        ++call.refusals_shown;
        incoming_event e;
        e.session = call.call->info();
        e.event = std::move(f);
        refused_(e);
    }
}

asio::awaitable<void> pipe_actions::room()
{
    while (waiting_ >= max_waiting) {
        co_await room_.wait();
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            break;
    }
}

void pipe_actions::apologise_where_owed()
{
    for (const auto& [id, call] : calls_) {
        if (std::exchange(call->answer_owed, false))
            call->call->apologise();
    }
}

}  // namespace aiflow
