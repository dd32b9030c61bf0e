#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"
#include "transport/caught.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>
#include <variant>

namespace aiflow {

/// By value: GCC 12 has been seen to break a loop in which the result of a `co_await` is bound to a
/// reference inside a condition.
inline bool is_cancelled(asio::cancellation_state state) noexcept
{
    return state.cancelled() != asio::cancellation_type::none;
}

/// Runs `op` until `when`, and cancels it then. The error is that of `op`, `timed_out` when time
/// was up, or `operation_aborted` when the caller was cancelled. What `op` throws leaves here, too.
///
/// `op` must end soon after it was cancelled; what it leaves half done is for the caller to drop.
inline asio::awaitable<error_code> with_deadline(clock& time, clock::time_point when,
                                                 asio::awaitable<error_code> op)
{
    using namespace asio::experimental::awaitable_operators;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state))
        co_return asio::error::operation_aborted;
    std::exception_ptr thrown;
    const auto first =
        co_await (caught(std::move(op), error_code(), thrown) || time.sleep_until(when));
    if (thrown)
        std::rethrow_exception(thrown);
    const auto ended = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(ended))
        co_return asio::error::operation_aborted;
    if (first.index() == 1)
        co_return asio::error::timed_out;
    co_return std::get<0>(first);
}

/// What an operation under `with_deadline` has come to, in this library's words: `late` when time
/// was up, which a system's own timeout is not, and `connection_lost` when the peer ended it.
inline error_code named_error(error_code ec, bool in_time, errc late)
{
    if (ec == asio::error::timed_out && !in_time)
        return make_error_code(late);
    if (ec == asio::error::eof)
        return make_error_code(errc::connection_lost);
    return ec;
}

}  // namespace aiflow
