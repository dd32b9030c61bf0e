#pragma once

#include "session/handler_runner.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace aiflow {

/// Runs the handlers of all sessions, by coroutines that are used again and again.
///
/// Most handlers answer at once; then one coroutine serves one event after the other, of whichever
/// session, and an event costs nothing but its handler's own frame. A handler that waits keeps its
/// coroutine until it is done, and another one serves the others meanwhile.
///
/// Thread safety: none; one executor.
/// Lifetime: held by `shared_ptr`; must be closed before it goes.
class handler_pool : public std::enable_shared_from_this<handler_pool> {
public:
    explicit handler_pool(asio::any_io_executor executor) : executor_(std::move(executor)) {}
    handler_pool(const handler_pool&) = delete;
    handler_pool& operator=(const handler_pool&) = delete;
    ~handler_pool();

    /// Serves the events of `runner` until none waits. The handler may run before this returns.
    /// Lifetime: `keep_alive` is held until then.
    void serve(handler_runner& runner, std::shared_ptr<void> keep_alive);

    /// Lets coroutines that have nothing to do end, now and from now on.
    void close();

private:
    class worker;

    struct job {
        handler_runner* runner = nullptr;
        std::shared_ptr<void> keep_alive;
    };

    void start_jobs();
    void add_worker();
    job next_job();
    bool has_room() const noexcept;
    asio::awaitable<void> work(worker* me);

    asio::any_io_executor executor_;
    std::vector<job> jobs_;  // from `first_` on
    std::size_t first_ = 0;
    std::vector<worker*> parked_;
    bool starting_ = false;
    bool closed_ = false;
};

}  // namespace aiflow
