#pragma once

#include "aiflow/handler.hpp"
#include "aiflow/log.hpp"
#include "aiflow/session_options.hpp"
#include "aiflow/statistics.hpp"
#include "session/async_event.hpp"
#include "session/event_queue.hpp"
#include "transport/scratch.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aiflow {

class dispatcher;
class handler_pool;

/// What all sessions of a dispatcher have in common; outlives it in the handles of an application.
struct session_environment {
    asio::any_io_executor executor;
    clock* time;
    logger log;
    session_options options;
    std::shared_ptr<handler_pool> handlers;
    session_statistics statistics = {};
    dispatcher* home = nullptr;  ///< null once the dispatcher is gone
};

/// Owns one handler and its events: in order, one at a time, interruptible.
///
/// The pool calls the handler; this says with what, and what comes of it.
/// Thread safety: none; the session's executor.
/// Lifetime: `keep_alive` of `push` is held while the handler works.
class handler_runner {
public:
    explicit handler_runner(session_environment& environment) : env_(environment) {}

    /// `label` names the session in the log.
    void start(std::unique_ptr<handler> h, std::string label);

    bool has_handler() const noexcept { return handler_ != nullptr; }

    /// Queues an event that came at `received`; the handler may run before this returns. Dropped
    /// without a handler.
    void push(session_event&& e, std::size_t bytes, clock::time_point received,
              std::shared_ptr<void> keep_alive);

    /// Tells the handler at once that the caller began to speak.
    void speech_started();

    /// Cancels what the handler is doing.
    void interrupt();

    bool idle() const noexcept { return !running_; }

    /// How many events wait, besides the one that is being handled.
    std::size_t waiting() const noexcept { return queue_.held() ? queue_->size() : 0; }

    /// Whether the queue has reached its limits.
    bool full() const noexcept;

    /// Waits until it has not; false when `patience` ended first.
    asio::awaitable<bool> wait_for_room(clock::duration patience);

    /// How long that has been waited for, since the queue was last down to half of its limits.
    clock::duration held_up() const noexcept { return held_up_; }

    /// Forgets the events that wait, not the one that is being handled.
    void drop_queued();

    /// Gives up on the handler: drops its events, interrupts it, and destroys it when it is idle.
    void discard();

    /// Called whenever the handler has nothing left to do. Set once.
    void on_idle(std::function<void()> f) { on_idle_ = std::move(f); }

    /// For the pool. Begins with the event that is to be handled next, which `interrupts` cancels;
    /// false when none is left.
    bool begin(asio::cancellation_signal& interrupts);

    /// For the pool. The handler at work on that event; once for each.
    asio::awaitable<void> call();

    /// For the pool. The handler is done with it.
    void completed(const std::exception_ptr& error);

    /// For the pool. The handler's coroutine was destroyed at its work, and nobody calls any more.
    void cut_off();

    /// For the pool. Nothing is left to be handled.
    void rest();

private:
    bool half_empty() const noexcept;
    void handled();
    void failed(std::string_view what, const std::exception_ptr& error);

    session_environment& env_;
    std::unique_ptr<handler> handler_;
    std::string label_;
    scratch<event_queue> queue_;
    std::size_t queued_bytes_ = 0;
    asio::cancellation_signal* interrupts_ = nullptr;  ///< while the handler works
    std::string_view at_work_on_;                      ///< the name of that event, a literal
    clock::time_point received_;                       ///< when it came
    std::unique_ptr<async_event> room_;
    clock::duration held_up_{0};
    std::function<void()> on_idle_;
    bool running_ = false;
    bool interrupted_ = false;
    bool discarded_ = false;
    bool slow_logged_ = false;
};

}  // namespace aiflow
