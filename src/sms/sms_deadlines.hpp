#pragma once

#include "aiflow/clock.hpp"

#include <map>
#include <optional>

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

/// All deadlines in order; every change costs the logarithm of their number.
class sms_deadlines {
public:
    void set(sms_timed& t, clock::time_point when)
    {
        if (!t.place_) {
            t.place_ = all_.emplace(when, &t);
            return;
        }
        if ((*t.place_)->first == when)
            return;
        auto node = all_.extract(*t.place_);
        node.key() = when;
        t.place_ = all_.insert(std::move(node));
    }

    void clear(sms_timed& t) noexcept
    {
        if (t.place_)
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
    sms_deadline_map all_;
};

}  // namespace aiflow
