#pragma once

#include "daemon/bot_call.hpp"
#include "daemon/speech_watch.hpp"

#include <memory>

namespace aiflow {

/// Carries out an action, such as `hangup`, when nothing is being said in the call any more: at
/// once when the last `assistant_speech_ended` comes, else when the longest time that the speech
/// can take has passed. The call's events go on meanwhile.
///
/// Thread safety: none; the session's executor.
/// Lifetime: its end takes the order back. Its coroutine holds what it uses.
class deferred_action {
public:
    explicit deferred_action(bot_call_ptr call);
    ~deferred_action() { take_back(); }
    deferred_action(const deferred_action&) = delete;
    deferred_action& operator=(const deferred_action&) = delete;

    /// Has to be told of all that is said, and of its end.
    speech_watch& speech() noexcept { return *speech_; }

    /// Orders the action, in place of one that was ordered before.
    void order(action a);

    void take_back();

    /// Carries it out if nothing is being said. To be called after each event: an order that fell
    /// due while the call had no connection waits for the first one.
    asio::awaitable<void> check();

private:
    struct pending;

    void begin_to_wait();
    static asio::awaitable<void> carry_out(std::shared_ptr<pending> order, bot_call_ptr call);
    static asio::awaitable<void> wait(std::shared_ptr<pending> order,
                                      std::shared_ptr<speech_watch> speech, bot_call_ptr call);

    bot_call_ptr call_;
    std::shared_ptr<speech_watch> speech_;
    std::shared_ptr<pending> order_;  // null when there is none
};

}  // namespace aiflow
