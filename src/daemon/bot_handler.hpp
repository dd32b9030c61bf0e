#pragma once

#include "aiflow/handler.hpp"
#include "daemon/bot_call.hpp"

#include <vector>

namespace aiflow {

/// One call of the daemon, whoever answers it: makes plain events of what the library tells.
///
/// A derived class says what to do about an event in `on_event`.
class bot_handler : public handler {
public:
    /// Enters the call into `env.calls`.
    bot_handler(session handle, bot_environment& env);
    ~bot_handler() override;

protected:
    /// One event of the call in its turn, the final failures of its SMS and `session_end` among
    /// them, with the fullest session object. It completes when the next one may come.
    virtual asio::awaitable<void> on_event(incoming_event e) = 0;

    /// `user_speech_started`, at once and even while `on_event` is under way.
    virtual void on_speech_started(const incoming_event& e);

    /// For `on_event`: see `bot_call::act`. An SMS that is refused comes back as an event.
    /// Cancellation: what was not begun is left out.
    asio::awaitable<void> act(std::vector<action> actions);

    /// For `on_event`: the same for an SMS that is none, so that `act` cannot be told of it.
    void refuse_sms(const problem& why);

    const bot_call_ptr& the_call() const noexcept { return call_; }
    bot_environment& environment() noexcept { return env_; }

private:
    asio::awaitable<void> on_session_start(session_start e) final;
    void on_user_speech_started(user_speech_started e) final;
    asio::awaitable<void> on_user_speak(user_speak e) final;
    asio::awaitable<void> on_user_barge_in(user_barge_in e) final;
    asio::awaitable<void> on_dtmf_received(dtmf_received e) final;
    asio::awaitable<void> on_assistant_speak(assistant_speak e) final;
    asio::awaitable<void> on_assistant_speech_ended(assistant_speech_ended e) final;
    asio::awaitable<void> on_user_input_timeout(user_input_timeout e) final;
    asio::awaitable<void> on_sms_failed(sms_failure e) final;
    asio::awaitable<void> on_sms_outcome(sms_outcome e) final;
    asio::awaitable<void> on_unknown_event(unknown_event e) final;
    asio::awaitable<void> on_gap(gap e) final;
    asio::awaitable<void> on_session_end(session_end e) final;

    /// Tells the observers, and the bot.
    asio::awaitable<void> take(event e);
    asio::awaitable<void> show(event e);
    void observe(const incoming_event& in);

    bot_environment& env_;
    bot_call_ptr call_;
    std::vector<sms_failed> refused_;  // to be shown after the event that is being handled
};

}  // namespace aiflow
