#pragma once

#include "session/async_event.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

namespace aiflow {

/// Lines on their way to a child's stdin, in their order, and those who wait until theirs fits in.
///
/// Thread safety: none; one executor. Lifetime: must outlive whoever waits.
class line_queue {
public:
    static constexpr std::size_t max_lines = 256;
    static constexpr std::size_t max_bytes = std::size_t{1024} * 1024;

    explicit line_queue(asio::any_io_executor executor);

    /// Closed at first: lines are refused while nobody is there to read them.
    void open();
    void close();  ///< drops all lines, and refuses those that wait
    bool is_open() const noexcept { return open_; }

    /// Completes when the line is in the queue; false when the queue is, or becomes, closed.
    /// Cancellation: any type; the line goes in without waiting, so that none is lost because
    /// something newer has come. Never throws.
    asio::awaitable<bool> push(std::string line);

    /// Without waiting: false when there is no room.
    bool offer(std::string line);

    /// Likewise, when it must not get lost: there is room for twice as much as otherwise.
    bool offer_urgent(std::string line);

    /// Completes when there are lines, or after `wake`.
    /// Cancellation: any type; completes, never throws.
    asio::awaitable<void> ready();
    void wake() { ready_.notify(); }

    /// The next lines with their ends, about `bytes` of them, and at least one if there is any.
    std::string take(std::size_t bytes);

    /// Lines in the queue, and those that wait for room.
    std::size_t size() const noexcept { return lines_.size() + waiters_.size(); }

private:
    struct waiter;

    bool full(std::size_t times = 1) const noexcept;
    void add(std::string line);
    void let_in();

    asio::any_io_executor executor_;
    async_event ready_;
    std::deque<std::string> lines_;
    std::deque<std::shared_ptr<waiter>> waiters_;
    std::size_t bytes_ = 0;
    bool open_ = false;
};

}  // namespace aiflow
