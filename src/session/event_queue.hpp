#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/handler.hpp"

#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

namespace aiflow {

/// What a handler is told about, in the order in which it happened.
using session_event = std::variant<event, sms_failure, sms_outcome, gap>;

/// Events that wait for a handler. What a `scratch` holds.
class event_queue {
public:
    struct queued {
        session_event event;
        std::size_t bytes;
        clock::time_point received;
    };

    std::size_t size() const noexcept { return events_.size() - head_; }

    void push(queued&& q)
    {
        // One that never becomes empty must not keep all that was ever in it.
        if (events_.size() == events_.capacity() && head_ > events_.size() / 2) {
            events_.erase(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(head_));
            head_ = 0;
        }
        events_.push_back(std::move(q));
    }

    /// Only while there is one.
    const queued& front() const noexcept { return events_[head_]; }

    /// Only while there is one.
    session_event pop() { return std::move(events_[head_++].event); }

    void clear() noexcept
    {
        events_.clear();
        head_ = 0;
    }

    std::size_t bytes() const noexcept { return events_.capacity() * sizeof(queued); }

private:
    std::vector<queued> events_;
    std::size_t head_ = 0;
};

}  // namespace aiflow
