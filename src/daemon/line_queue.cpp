#include "daemon/line_queue.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

struct line_queue::waiter {
    waiter(const asio::any_io_executor& executor, std::string text)
        : line(std::move(text)), decided(executor)
    {
    }

    std::string line;
    async_event decided;
    enum { undecided, in, refused } state = undecided;
};

line_queue::line_queue(asio::any_io_executor executor)
    : executor_(std::move(executor)), ready_(executor_)
{
}

void line_queue::open()
{
    open_ = true;
}

void line_queue::close()
{
    open_ = false;
    lines_.clear();
    bytes_ = 0;
    for (const auto& w : std::exchange(waiters_, {})) {
        w->state = waiter::refused;
        w->decided.notify();
    }
}

asio::awaitable<bool> line_queue::push(std::string line)
{
    if (!open_)
        co_return false;
    if (waiters_.empty() && !full()) {
        add(std::move(line));
        co_return true;
    }
    const auto self = std::make_shared<waiter>(executor_, std::move(line));
    waiters_.push_back(self);
    co_await self->decided.wait();
    if (self->state == waiter::undecided) {
        waiters_.erase(std::find(waiters_.begin(), waiters_.end(), self));
        co_return offer_urgent(std::move(self->line));
    }
    co_return self->state == waiter::in;
}

bool line_queue::offer(std::string line)
{
    if (!open_ || !waiters_.empty() || full())
        return false;
    add(std::move(line));
    return true;
}

bool line_queue::offer_urgent(std::string line)
{
    if (!open_ || full(2))
        return false;
    add(std::move(line));
    return true;
}

asio::awaitable<void> line_queue::ready()
{
    if (lines_.empty())
        co_await ready_.wait();
}

std::string line_queue::take(std::size_t bytes)
{
    std::string result;
    while (!lines_.empty() && result.size() < bytes) {
        bytes_ -= lines_.front().size();
        result += lines_.front();
        result += '\n';
        lines_.pop_front();
    }
    let_in();
    return result;
}

bool line_queue::full(std::size_t times) const noexcept
{
    return lines_.size() >= times * max_lines || bytes_ >= times * max_bytes;
}

void line_queue::add(std::string line)
{
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    ready_.notify();
}

void line_queue::let_in()
{
    while (!waiters_.empty() && !full()) {
        const auto first = std::move(waiters_.front());
        waiters_.pop_front();
        add(std::move(first->line));
        first->state = waiter::in;
        first->decided.notify();
    }
}

}  // namespace aiflow
