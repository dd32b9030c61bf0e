#include "daemon/deferred_action.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <utility>

namespace aiflow {

/// One order. Each has a signal of its own: the coroutine of one that was taken back may still be
/// using it when the next one is given.
struct deferred_action::pending {
    explicit pending(action a) { actions.push_back(std::move(a)); }

    std::vector<action> actions = {};
    asio::cancellation_signal stop = {};
    bool open = true;    ///< neither carried out nor taken back
    bool waits = false;  ///< `wait` is under way
};

deferred_action::deferred_action(bot_call_ptr call)
    : call_(std::move(call)), speech_(std::make_shared<speech_watch>())
{
}

void deferred_action::order(action a)
{
    take_back();
    order_ = std::make_shared<pending>(std::move(a));
    begin_to_wait();
}

void deferred_action::begin_to_wait()
{
    order_->waits = true;
    asio::co_spawn(call_->handle().get_executor(), wait(order_, speech_, call_),
                   asio::bind_cancellation_slot(
                       order_->stop.slot(),
                       [held = order_](const std::exception_ptr&) { held->waits = false; }));
}

void deferred_action::take_back()
{
    const auto order = std::exchange(order_, nullptr);
    if (order && std::exchange(order->open, false))
        order->stop.emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> deferred_action::check()
{
    const auto order = order_;
    if (!order || !order->open)
        co_return;
    if (speech_->silent_by(call_->environment().time->now())) {
        if (!order->waits)
            begin_to_wait();
        co_return;
    }
    order->stop.emit(asio::cancellation_type::terminal);
    co_await carry_out(order, call_);
}

asio::awaitable<void> deferred_action::carry_out(std::shared_ptr<pending> order, bot_call_ptr call)
{
    order->open = false;
    const auto done = co_await bot_call::act(std::move(call), order->actions);
    // While the connection is away it stays, for `check` when the call is back.
    order->open = std::any_of(done.refused.begin(), done.refused.end(),
                              [](const problem& p) { return p.code == errc::no_connection; });
}

asio::awaitable<void> deferred_action::wait(std::shared_ptr<pending> order,
                                            std::shared_ptr<speech_watch> speech, bot_call_ptr call)
{
    clock& time = *call->environment().time;
    // What is said meanwhile makes it later.
    while (order->open) {
        const auto by = speech->silent_by(time.now());
        if (!by)
            break;
        if (co_await time.sleep_until(*by))
            co_return;
    }
    if (order->open)
        co_await carry_out(std::move(order), std::move(call));
}

}  // namespace aiflow
