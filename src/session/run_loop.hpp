#pragma once

#include "aiflow/error.hpp"
#include "transport/deadline.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace aiflow {

/// Runs a client's or a listener's loop on its executor. A cancellation of whoever waits, of any
/// type, is `abort`, which reaches all that the loop waits for.
template <class Loop>
asio::awaitable<error_code> run_loop(std::shared_ptr<Loop> loop)
{
    const auto before = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(before))
        loop->abort();
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto start = [loop](auto done) {
        auto slot = asio::get_associated_cancellation_slot(done);
        if (slot.is_connected())
            slot.assign([loop](asio::cancellation_type) {
                asio::post(loop->get_executor(), [loop] { loop->abort(); });
            });
        asio::co_spawn(loop->get_executor(), loop->run(),
                       asio::bind_cancellation_slot(asio::cancellation_slot(), std::move(done)));
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                            void(std::exception_ptr, error_code)>(
        start, asio::use_awaitable);
}

}  // namespace aiflow
