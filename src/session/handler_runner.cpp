#include "session/handler_runner.hpp"

#include "session/handler_pool.hpp"
#include "transport/exception_text.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace aiflow {

namespace {

struct name_of {
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

void handler_runner::push(session_event&& e, std::size_t bytes, clock::time_point received,
                          std::shared_ptr<void> keep_alive)
{
    if (!handler_ || discarded_)
        return;
    queued_bytes_ += bytes;
    queue_.get().push({std::move(e), bytes, received});
    if (!std::exchange(running_, true))
        env_.handlers->serve(*this, std::move(keep_alive));
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
    if (!interrupts_ || interrupted_)
        return;
    interrupted_ = true;
    ++env_.statistics.interruptions;
    interrupts_->emit(asio::cancellation_type::all);
}

bool handler_runner::full() const noexcept
{
    return waiting() >= env_.options.queue_events || queued_bytes_ >= env_.options.queue_bytes;
}

asio::awaitable<bool> handler_runner::wait_for_room(clock::duration patience)
{
    if (!room_)
        room_ = std::make_unique<async_event>(env_.executor);
    const auto began = env_.time->now();
    bool in_time = true;
    while (in_time && full())
        in_time = co_await room_->wait_until(*env_.time, began + patience);
    held_up_ += env_.time->now() - began;
    co_return !full();
}

bool handler_runner::half_empty() const noexcept
{
    return waiting() <= env_.options.queue_events / 2 &&
           queued_bytes_ <= env_.options.queue_bytes / 2;
}

void handler_runner::drop_queued()
{
    queue_.give_back();
    queued_bytes_ = 0;
    held_up_ = {};
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

bool handler_runner::begin(asio::cancellation_signal& interrupts)
{
    if (!handler_ || waiting() == 0)
        return false;
    const auto& q = queue_->front();
    queued_bytes_ -= q.bytes;
    at_work_on_ = std::visit(name_of{}, q.event);
    received_ = q.received;
    interrupted_ = false;
    interrupts_ = &interrupts;
    return true;
}

asio::awaitable<void> handler_runner::call()
{
    // Out of the queue first: the handler may give itself up, and with it what waits.
    auto next = queue_->pop();
    if (waiting() == 0)
        queue_.give_back();
    if (room_) {
        room_->notify();
        if (half_empty())
            held_up_ = {};
    }
    return std::visit(call_handler{*handler_}, next);
}

void handler_runner::completed(const std::exception_ptr& error)
{
    interrupts_ = nullptr;
    handled();
    if (error && !is_quiet(error, interrupted_))
        failed(at_work_on_, error);
    if (discarded_)
        handler_.reset();
}

void handler_runner::cut_off()
{
    interrupts_ = nullptr;
    running_ = false;
    drop_queued();
    handler_.reset();
}

void handler_runner::rest()
{
    running_ = false;
    if (discarded_)
        handler_.reset();
    if (on_idle_)
        on_idle_();
}

void handler_runner::handled()
{
    const auto took = env_.time->now() - received_;
    if (took <= env_.options.slow_answer)
        return;
    ++env_.statistics.slow_answers;
    if (std::exchange(slow_logged_, true))
        return;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    env_.log.write(
        log_level::warning, "session.slow", "handling took longer than a caller waits in comfort",
        {{"session", label_}, {"event", std::string(at_work_on_)}, {"ms", std::to_string(ms)}});
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
