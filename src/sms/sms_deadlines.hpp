#pragma once

#include "aiflow/clock.hpp"

#include <array>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace aiflow {

class sms_timed;

using sms_deadline_map = std::multimap<clock::time_point, sms_timed*>;

/// Something that has at most one deadline.
class sms_timed {
public:
    explicit sms_timed(bool is_message) noexcept : is_message_(is_message) {}
    sms_timed(const sms_timed&) = delete;
    sms_timed& operator=(const sms_timed&) = delete;

    bool is_message() const noexcept { return is_message_; }

private:
    friend class sms_deadlines;

    std::optional<sms_deadline_map::iterator> place_;
    bool is_message_;
};

/// All deadlines in order, those of one time in the order in which they were set.
///
/// A change costs the logarithm of their number at most. Nearly all are a fixed time from now, of a
/// few such times; so a new one mostly belongs behind one that was set a moment ago, where it is
/// found without a search through memory that nobody has looked at for long.
class sms_deadlines {
public:
    sms_deadlines() { recent_.fill(all_.end()); }
    sms_deadlines(const sms_deadlines&) = delete;
    sms_deadlines& operator=(const sms_deadlines&) = delete;

    void set(sms_timed& t, clock::time_point when)
    {
        if (t.place_ && (*t.place_)->first == when)
            return;
        if (!t.place_) {
            const auto at = find(when);
            t.place_ = *at.near = all_.emplace_hint(at.next, when, &t);
            return;
        }
        leave(*t.place_);
        auto node = all_.extract(*t.place_);
        node.key() = when;
        const auto at = find(when);
        t.place_ = *at.near = all_.insert(at.next, std::move(node));
    }

    void clear(sms_timed& t) noexcept
    {
        if (!t.place_)
            return;
        leave(*t.place_);
        all_.erase(*t.place_);
        t.place_.reset();
    }

    /// Takes out one that is due, the earliest first; null when none is.
    sms_timed* take_due(clock::time_point now)
    {
        if (all_.empty() || all_.begin()->first > now)
            return nullptr;
        sms_timed* due = all_.begin()->second;
        clear(*due);
        return due;
    }

    std::optional<clock::time_point> next() const
    {
        return all_.empty() ? std::nullopt : std::optional(all_.begin()->first);
    }

    std::size_t size() const noexcept { return all_.size(); }

private:
    using place = sms_deadline_map::iterator;

    // Where something belongs: before `next`, and `near` is the recent place that it takes over,
    // the one right before it if that is a recent one.
    struct spot {
        place* near;
        place next;
    };

    spot find(clock::time_point when)
    {
        for (auto& p : recent_) {
            if (p == all_.end() || p->first > when)
                continue;
            const auto next = std::next(p);
            if (next == all_.end() || next->first > when)
                return {&p, next};
        }
        forgotten_ = (forgotten_ + 1) % recent_.size();
        return {&recent_[forgotten_], all_.upper_bound(when)};
    }

    // What is near it is as good once it is gone.
    void leave(place gone) noexcept
    {
        for (auto& p : recent_)
            if (p == gone)
                p = gone == all_.begin() ? all_.end() : std::prev(gone);
    }

    sms_deadline_map all_;
    std::array<place, 4> recent_;  ///< where those of late were put; the end for none
    std::size_t forgotten_ = 0;
};

}  // namespace aiflow
