#pragma once

#include "aiflow/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace aiflow {

/// What `op` throws is in `thrown` afterwards. For an operand of `||`, which would wait for the
/// other one. `thrown` must outlive the coroutine. Cancellation: as `op`.
inline asio::awaitable<void> caught(asio::awaitable<void> op, std::exception_ptr& thrown)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    try {
        co_await std::move(op);
    } catch (...) {
        thrown = std::current_exception();
    }
}

/// The same for one with a result, which is `otherwise` then.
template <class T>
asio::awaitable<T> caught(asio::awaitable<T> op, T otherwise, std::exception_ptr& thrown)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    try {
        co_return co_await std::move(op);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_return otherwise;
}

}  // namespace aiflow
