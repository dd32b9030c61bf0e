#pragma once

#include "aiflow/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>
#include <variant>

namespace aiflow {

inline bool is_cancelled(const asio::cancellation_state& state) noexcept
{
    return state.cancelled() != asio::cancellation_type::none;
}

/// Runs `op` until `when`, and cancels it then. The error is that of `op`, `timed_out` when time
/// was up, or `operation_aborted` when the caller was cancelled.
///
/// `op` must end soon after it was cancelled; what it leaves half done is for the caller to drop.
inline asio::awaitable<error_code> with_deadline(clock& time, clock::time_point when,
                                                 asio::awaitable<error_code> op)
{
    using namespace asio::experimental::awaitable_operators;
    if (is_cancelled(co_await asio::this_coro::cancellation_state))
        co_return asio::error::operation_aborted;
    const auto first = co_await (std::move(op) || time.sleep_until(when));
    if (is_cancelled(co_await asio::this_coro::cancellation_state))
        co_return asio::error::operation_aborted;
    if (first.index() == 1)
        co_return asio::error::timed_out;
    co_return std::get<0>(first);
}

}  // namespace aiflow
