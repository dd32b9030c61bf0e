#include "session/handler_runner.hpp"

#include "session/exception_text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace aiflow {

namespace {

struct name_of {
    // Literals only: the event is moved from before its name is needed.
    std::string_view operator()(const event& e) const
    {
        return std::holds_alternative<unknown_event>(e) ? "unknown_event" : type_name(e);
    }
    std::string_view operator()(const sms_failure&) const { return "sms_failed"; }
    std::string_view operator()(const sms_outcome&) const { return "sms_outcome"; }
    std::string_view operator()(const gap&) const { return "gap"; }
};

struct call_handler {
    handler& h;

    asio::awaitable<void> operator()(session_start& e) const { return h.on_session_start(e); }
    asio::awaitable<void> operator()(user_speak& e) const { return h.on_user_speak(std::move(e)); }
    asio::awaitable<void> operator()(user_barge_in& e) const
    {
        return h.on_user_barge_in(std::move(e));
    }
    asio::awaitable<void> operator()(dtmf_received& e) const
    {
        return h.on_dtmf_received(std::move(e));
    }
    asio::awaitable<void> operator()(assistant_speak& e) const
    {
        return h.on_assistant_speak(std::move(e));
    }
    asio::awaitable<void> operator()(assistant_speech_ended& e) const
    {
        return h.on_assistant_speech_ended(e);
    }
    asio::awaitable<void> operator()(user_input_timeout& e) const
    {
        return h.on_user_input_timeout(e);
    }
    asio::awaitable<void> operator()(session_end& e) const
    {
        return h.on_session_end(std::move(e));
    }
    asio::awaitable<void> operator()(unknown_event& e) const
    {
        return h.on_unknown_event(std::move(e));
    }
    asio::awaitable<void> operator()(sms_failure& e) const { return h.on_sms_failed(std::move(e)); }
    asio::awaitable<void> operator()(sms_outcome& e) const
    {
        return h.on_sms_outcome(std::move(e));
    }
    asio::awaitable<void> operator()(gap& e) const { return h.on_gap(e); }

    // The dispatcher turns these two into something else before they get here.
    asio::awaitable<void> operator()(user_speech_started& e) const
    {
        h.on_user_speech_started(e);
        co_return;
    }
    asio::awaitable<void> operator()(sms_failed& e) const
    {
        sms_failure unmatched;
        unmatched.event = std::move(e);
        return h.on_sms_failed(std::move(unmatched));
    }

    asio::awaitable<void> operator()(event& e) const { return std::visit(*this, e); }
};

bool is_quiet(const std::exception_ptr& error, bool interrupted)
{
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
        // An answer that came too late for its call is nothing to report.
        return e.code() == errc::session_over ||
               (interrupted && e.code() == asio::error::operation_aborted);
    } catch (...) {
        return false;
    }
}

}  // namespace

void handler_runner::start(std::unique_ptr<handler> h, std::string label)
{
    handler_ = std::move(h);
    label_ = std::move(label);
    discarded_ = false;
}

void handler_runner::push(session_event e, std::size_t bytes,
                          const std::shared_ptr<void>& keep_alive)
{
    if (!handler_ || discarded_)
        return;
    queued_bytes_ += bytes;
    queue_.push_back({std::move(e), bytes, env_.time->now()});
    if (!running_)
        spawn(keep_alive);
}

void handler_runner::spawn(const std::shared_ptr<void>& keep_alive)
{
    running_ = true;
    asio::co_spawn(env_.executor, run(),
                   asio::bind_cancellation_slot(
                       interrupt_.slot(),
                       [this, keep_alive](const std::exception_ptr&) { finished(keep_alive); }));
}

// Only here may the slot be used again: the coroutine still uses it after its last statement.
void handler_runner::finished(const std::shared_ptr<void>& keep_alive)
{
    running_ = false;
    if (discarded_)
        handler_.reset();
    if (handler_ && head_ < queue_.size())
        spawn(keep_alive);
    else if (on_idle_)
        on_idle_();
}

void handler_runner::speech_started()
{
    if (!handler_ || discarded_)
        return;
    try {
        handler_->on_user_speech_started({});
    } catch (...) {
        failed("user_speech_started", std::current_exception());
    }
}

void handler_runner::interrupt()
{
    if (!in_handler_ || interrupted_)
        return;
    interrupted_ = true;
    ++env_.statistics.interruptions;
    interrupt_.emit(asio::cancellation_type::all);
}

bool handler_runner::full() const noexcept
{
    return waiting() >= env_.options.queue_events || queued_bytes_ >= env_.options.queue_bytes;
}

asio::awaitable<bool> handler_runner::wait_for_room(clock::duration patience)
{
    if (!room_)
        room_ = std::make_unique<async_event>(env_.executor);
    const auto deadline = env_.time->now() + patience;
    while (full()) {
        if (!co_await room_->wait_until(*env_.time, deadline))
            co_return !full();
    }
    co_return true;
}

void handler_runner::drop_queued()
{
    queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(head_), queue_.end());
    queued_bytes_ = 0;
}

void handler_runner::discard()
{
    discarded_ = true;
    drop_queued();
    if (running_)
        interrupt();
    else
        handler_.reset();
}

std::optional<handler_runner::queued> handler_runner::next()
{
    if (head_ == queue_.size()) {
        queue_.clear();
        head_ = 0;
        return std::nullopt;
    }
    queued q = std::move(queue_[head_++]);
    queued_bytes_ -= q.bytes;
    if (head_ == queue_.size()) {
        queue_.clear();
        head_ = 0;
    }
    if (room_)
        room_->notify();
    return q;
}

asio::awaitable<void> handler_runner::run()
{
    while (handler_) {
        auto q = next();
        if (!q)
            break;
        // An interruption was meant for the previous event, and may have come after its end.
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        interrupted_ = false;
        in_handler_ = true;
        const std::string_view what = std::visit(name_of{}, q->event);
        std::exception_ptr error;
        try {
            co_await call(std::move(q->event));
        } catch (...) {
            error = std::current_exception();
        }
        in_handler_ = false;
        handled(what, q->received);
        if (error && !is_quiet(error, interrupted_))
            failed(what, error);
        if (discarded_)
            handler_.reset();
    }
}

asio::awaitable<void> handler_runner::call(session_event e)
{
    co_await std::visit(call_handler{*handler_}, e);
}

void handler_runner::handled(std::string_view what, clock::time_point received)
{
    const auto took = env_.time->now() - received;
    if (took <= env_.options.slow_answer)
        return;
    ++env_.statistics.slow_answers;
    if (std::exchange(slow_logged_, true))
        return;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    env_.log.write(log_level::warning, "session.slow",
                   "handling took longer than a caller waits in comfort",
                   {{"session", label_}, {"event", std::string(what)}, {"ms", std::to_string(ms)}});
}

void handler_runner::failed(std::string_view what, const std::exception_ptr& error)
{
    ++env_.statistics.handler_errors;
    env_.log.write(
        log_level::error, "session.handler_failed",
        "an exception ended the handler of this session",
        {{"session", label_}, {"event", std::string(what)}, {"error", exception_text(error)}});
    discard();
}

}  // namespace aiflow
