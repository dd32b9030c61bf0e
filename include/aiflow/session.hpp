#pragma once

#include "aiflow/action.hpp"
#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "aiflow/sms.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace aiflow {

class session_state;

/// A temporary such as `speak{.text = "Hello"}`: GCC 12 destroys it twice when it is written inside
/// a `co_await`, so the functions of `handler` and `session` take such a value only when it has a
/// name. One inside of another temporary, as in `action(speak{...})`, they cannot see: name it,
/// too.
template <class T>
concept unnamed_aggregate = std::is_rvalue_reference_v<T&&> &&
    std::is_aggregate_v<std::remove_cvref_t<T>> && !std::is_empty_v<std::remove_cvref_t<T>>;

/// A handle of one call. Copies name the same call.
///
/// Thread safety: distinct handles may be used by distinct threads. `id`, `get_executor` and the
/// `async_` functions may be called from any thread; everything else from the session's executor,
/// on which its handler runs.
/// Lifetime: a handle may outlive the call and the client, whose actions are then refused, but not
/// the execution context.
class session {
public:
    explicit session(std::shared_ptr<session_state> state) noexcept;

    const std::string& id() const noexcept;

    /// The fullest session object seen so far (protocol.md 2.2).
    const session_info& info() const noexcept;

    /// The number of the human on the line. Error: `no_usable_number`.
    checked<phone_number> caller() const;

    /// Whether the call has ended: no action reaches it any more.
    bool over() const noexcept;

    asio::any_io_executor get_executor() const noexcept;

    /// Queues an action for the session's connection.
    /// Errors: `session_over`, `no_connection`, `queue_full`, and what `validate` finds. A
    /// `send_sms` is refused with `invalid_choice`: use `async_send_sms`, which looks after it.
    checked<void> send(const action& a);

    /// Queues several actions as one array, which the service runs in order (protocol.md 4.0).
    checked<void> send(const std::vector<action>& actions);

    /// `send` from any thread. Signature: `void(std::exception_ptr, checked<void>)`.
    /// Cancellation: none; it completes at once.
    template <class Token>
    auto async_send(action a, Token&& token)
    {
        return asio::co_spawn(get_executor(), post_send(state_, std::move(a)),
                              std::forward<Token>(token));
    }
    template <unnamed_aggregate T, class Token>
    auto async_send(T&&, Token&&)
    {
        static_assert(!sizeof(T), "give it a name first: speak s{...}; call.async_send(s, token);");
    }

    /// Sends an SMS. Completes when it is accepted, so from then on it is cared for, or refused.
    /// Signature: `void(std::exception_ptr, checked<sms_ticket>)`.
    /// Errors: `session_over`, `shutting_down`, and every one of the `sms_` and `storage_` kind;
    /// `interrupted` when cancelled. Cancellation: terminal; stops the waiting only, never the
    /// message.
    template <class Options, class Token>
    requires std::is_same_v<std::remove_const_t<Options>, sms_options>
    auto async_send_sms(phone_number to, std::string text, Options& options, Token&& token)
    {
        return asio::co_spawn(get_executor(),
                              submit_sms(state_, std::move(to), std::move(text), options),
                              std::forward<Token>(token));
    }
    template <class Token>
    auto async_send_sms(phone_number to, std::string text, Token&& token)
    {
        const sms_options as_usual;
        return async_send_sms(std::move(to), std::move(text), as_usual, std::forward<Token>(token));
    }
    template <unnamed_aggregate T, class Token>
    auto async_send_sms(phone_number, std::string, T&&, Token&&)
    {
        static_assert(!sizeof(T), "give it a name first: sms_options o{...};");
    }

    /// Waits for the final outcome of an SMS: half a minute when all is well, some minutes with
    /// repetitions. Signature: `void(std::exception_ptr, checked<sms_outcome>)`.
    /// Errors: `invalid_value` when no such SMS is known here, `session_over`, `shutting_down`;
    /// `interrupted` when cancelled. Cancellation: terminal; stops the waiting only.
    template <class Token>
    auto async_sms_outcome(sms_id id, Token&& token)
    {
        return asio::co_spawn(get_executor(), await_outcome(state_, id),
                              std::forward<Token>(token));
    }

private:
    using state_ptr = std::shared_ptr<session_state>;

    static asio::awaitable<checked<void>> post_send(state_ptr state, action a);
    static asio::awaitable<checked<sms_ticket>> submit_sms(state_ptr state, phone_number to,
                                                           std::string text, sms_options options);
    static asio::awaitable<checked<sms_outcome>> await_outcome(state_ptr state, sms_id id);

    friend class handler;

    state_ptr state_;
};

}  // namespace aiflow
