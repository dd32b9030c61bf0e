#pragma once

#include "aiflow/clock.hpp"
#include "daemon/webhook_target.hpp"
#include "session/async_event.hpp"
#include "transport/http_client_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace aiflow {

/// What has become of a POST.
struct webhook_result {
    bool cancelled = false;
    std::string failure = {};  ///< why there is no answer, for the log; empty if there is one
    received_answer answer = {};
};

/// Posts over a limited number of connections that are kept for the next request.
///
/// Each request waits for its turn, in order, and is made once. It is made a second time, on a new
/// connection, only if its connection had been used before and turned out to be dead: the app has
/// closed it, and has not read the request.
///
/// Thread safety: none; one executor.
/// Lifetime: outlives its requests. `time` must outlive it.
class webhook_pool {
public:
    webhook_pool(asio::any_io_executor executor, clock& time,
                 std::shared_ptr<const webhook_target> target);

    /// For the requests from now on; connections to another place are closed.
    void set_target(std::shared_ptr<const webhook_target> target);
    const webhook_target& target() const noexcept { return *target_; }

    /// Completes within `webhook.timeout`, the wait for a turn included.
    /// Cancellation: terminal, total; `cancelled`, and the connection is closed.
    asio::awaitable<webhook_result> post(std::string body);

    /// Closes connections that have been idle for `webhook.keep_alive`, until cancelled.
    asio::awaitable<void> close_idle();

    /// Closes every idle connection.
    void close_all();

    std::size_t waiting() const noexcept { return waiting_.size(); }
    std::size_t busy() const noexcept { return busy_; }
    std::size_t idle() const noexcept { return idle_.size(); }

private:
    using connection_ptr = std::unique_ptr<http_client_connection>;

    struct waiter {
        explicit waiter(const asio::any_io_executor& executor) : called(executor) {}

        async_event called;
        bool granted = false;
    };

    struct idle_connection {
        connection_ptr connection;
        clock::time_point since;
    };

    // The right to use one connection, given back when it goes.
    class turn;

    asio::awaitable<bool> take_turn(clock::time_point by);
    void end_turn();
    connection_ptr take_idle();
    void put_back(connection_ptr connection, const webhook_target* target);
    void drop_old(clock::time_point now);
    asio::awaitable<webhook_result> post_now(std::shared_ptr<const webhook_target> target,
                                             std::string body, clock::time_point by);
    asio::awaitable<connection_ptr> connect(const webhook_target& target, clock::time_point by,
                                            webhook_result& result);

    asio::any_io_executor executor_;
    clock& time_;
    std::shared_ptr<const webhook_target> target_;
    std::deque<std::shared_ptr<waiter>> waiting_;
    std::vector<idle_connection> idle_;  // the longest idle first
    async_event idle_begins_;
    std::size_t busy_ = 0;
};

}  // namespace aiflow
