#pragma once

#include "aiflow/session.hpp"

#include <functional>
#include <memory>
#include <type_traits>

namespace aiflow {

/// The session's connection was lost and is back; what the service sent in between is gone.
struct gap {
    clock::time_point from;
    clock::time_point to;

    bool operator==(const gap&) const = default;
};

/// What an application does with one call. Derive, override what you need, keep the state of the
/// call in members.
///
/// Order: the events of a call are awaited one after the other; calls interleave at `co_await`.
/// Interruption: `session_end`, `user_barge_in` and a `user_speak` with `barged_in` cancel the
/// function that is running; what it awaits then throws `operation_aborted`, which needs no care.
/// Exceptions: end this object, are logged, and do nothing else; the call goes on without it. Two
/// do not: `session_over`, and `operation_aborted` of an interruption.
/// Thread safety: every function is called on the session's executor, one at a time.
/// Lifetime: made at the first event of a session, before anything can be sent; destroyed after
/// `on_session_end` when the last outcome of an SMS has been reported.
class handler {
public:
    explicit handler(session call) noexcept : call_(std::move(call)) {}
    handler(const handler&) = delete;
    handler& operator=(const handler&) = delete;
    virtual ~handler() = default;

    /// A call began, or came back from a transfer that failed (`resumed`).
    virtual asio::awaitable<void> on_session_start(session_start e);
    /// Called at once, even while another function is running; nothing can answer it.
    virtual void on_user_speech_started(user_speech_started e);
    virtual asio::awaitable<void> on_user_speak(user_speak e);
    virtual asio::awaitable<void> on_user_barge_in(user_barge_in e);
    virtual asio::awaitable<void> on_dtmf_received(dtmf_received e);
    virtual asio::awaitable<void> on_assistant_speak(assistant_speak e);
    virtual asio::awaitable<void> on_assistant_speech_ended(assistant_speech_ended e);
    virtual asio::awaitable<void> on_user_input_timeout(user_input_timeout e);
    /// An SMS of this call failed; `e.will_retry` says whether that is final.
    virtual asio::awaitable<void> on_sms_failed(sms_failure e);
    /// The retries are over: how an SMS of this call ended. May come after `on_session_end`.
    virtual asio::awaitable<void> on_sms_outcome(sms_outcome e);
    virtual asio::awaitable<void> on_unknown_event(unknown_event e);
    virtual asio::awaitable<void> on_gap(gap e);
    /// The call is over; no action reaches it any more.
    virtual asio::awaitable<void> on_session_end(session_end e);

protected:
    session& call() noexcept { return call_; }
    const session& call() const noexcept { return call_; }

    /// The number of the human on the line. Error: `no_usable_number`.
    checked<phone_number> caller() const { return call_.caller(); }

    /// Says plain text, or a `speak` with options. The functions below throw `failure` when the
    /// action is refused; see `session::send`. What is not plain text needs a name:
    /// `speak s{.text = "Hello"}; co_await say(s);`
    asio::awaitable<void> say(std::string text);
    asio::awaitable<void> say(const speak& what);
    asio::awaitable<void> send(action a);
    asio::awaitable<void> send(std::vector<action> actions);
    asio::awaitable<void> hang_up();

    /// Accepted: from here on the SMS is cared for. Its outcome comes as `on_sms_outcome`.
    /// Takes what `caller()` gives as well; throws its problem when there is no number.
    /// An interruption ends the wait only: an SMS that is being accepted then is sent.
    asio::awaitable<sms_ticket> send_sms(checked<phone_number> to, std::string text);
    template <class Options>
    requires std::is_same_v<std::remove_const_t<Options>, sms_options> asio::awaitable<sms_ticket>
    send_sms(checked<phone_number> to, std::string text, Options& options)
    {
        return submit(std::move(to), std::move(text), options);
    }

    template <unnamed_aggregate T>
    asio::awaitable<void> say(T&&)
    {
        static_assert(!sizeof(T), "give it a name first: speak s{...}; co_await say(s);");
        return {};
    }
    template <unnamed_aggregate T>
    asio::awaitable<void> send(T&&)
    {
        static_assert(!sizeof(T), "give it a name first: audio a{...}; co_await send(a);");
        return {};
    }
    template <unnamed_aggregate T>
    asio::awaitable<sms_ticket> send_sms(const checked<phone_number>&, const std::string&, T&&)
    {
        static_assert(!sizeof(T), "give it a name first: sms_options o{...};");
        return {};
    }

private:
    asio::awaitable<sms_ticket> submit(checked<phone_number> to, std::string text,
                                       sms_options options);

    session call_;
};

/// Makes the handler of a new session.
using handler_factory = std::function<std::unique_ptr<handler>(session)>;

/// A factory for `Handler(session, args...)`; `args` are copied for every session.
template <class Handler, class... Args>
handler_factory make_handler_factory(Args... args)
{
    static_assert(std::is_base_of_v<handler, Handler>, "derive from aiflow::handler");
    return [args...](session call) -> std::unique_ptr<handler> {
        return std::make_unique<Handler>(std::move(call), args...);
    };
}

}  // namespace aiflow
