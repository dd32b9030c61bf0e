#pragma once

#include "aiflow/clock.hpp"

#include <boost/intrusive/set.hpp>

#include <array>
#include <cstddef>
#include <iterator>
#include <optional>

namespace aiflow {

/// Something that has at most one deadline; it must not go while it has one.
class sms_timed {
public:
    explicit sms_timed(bool is_message) noexcept : is_message_(is_message) {}
    sms_timed(const sms_timed&) = delete;
    sms_timed& operator=(const sms_timed&) = delete;

    bool is_message() const noexcept { return is_message_; }

private:
    friend class sms_deadlines;

    friend bool operator<(const sms_timed& a, const sms_timed& b) noexcept
    {
        return a.when_ < b.when_;
    }

    boost::intrusive::set_member_hook<> place_;
    clock::time_point when_;  ///< while it has a place
    bool is_message_;
};

/// All deadlines in order, those of one time in the order in which they were set.
///
/// A change costs the logarithm of their number at most. Nearly all are a fixed time from now, of a
/// few such times; so a new one mostly belongs behind one that was set a moment ago, where it is
/// found without a search through memory that nobody has looked at for long.
class sms_deadlines {
public:
    void set(sms_timed& t, clock::time_point when)
    {
        if (t.place_.is_linked() && t.when_ == when)
            return;
        clear(t);
        t.when_ = when;
        const auto at = find(t);
        all_.insert(at.next, t);
        *at.near = &t;
    }

    /// The same, unless it has a later one already.
    void extend(sms_timed& t, clock::time_point when)
    {
        if (!t.place_.is_linked() || t.when_ < when)
            set(t, when);
    }

    void clear(sms_timed& t) noexcept
    {
        if (!t.place_.is_linked())
            return;
        const auto place = all_.iterator_to(t);
        // What is near it is as good once it is gone.
        for (auto& near : recent_)
            if (near == &t)
                near = place == all_.begin() ? nullptr : &*std::prev(place);
        all_.erase(place);
    }

    /// Takes out one that is due, the earliest first; null when none is.
    sms_timed* take_due(clock::time_point now)
    {
        if (all_.empty() || all_.begin()->when_ > now)
            return nullptr;
        auto* const due = &*all_.begin();
        clear(*due);
        return due;
    }

    std::optional<clock::time_point> next() const
    {
        return all_.empty() ? std::nullopt : std::optional(all_.begin()->when_);
    }

    std::size_t size() const noexcept { return all_.size(); }

private:
    using set_of_timed = boost::intrusive::multiset<
        sms_timed, boost::intrusive::member_hook<sms_timed, boost::intrusive::set_member_hook<>,
                                                 &sms_timed::place_>>;

    // Where something belongs: before `next`, and `near` is the recent place that it takes over,
    // the one right before it if that is a recent one.
    struct spot {
        sms_timed** near;
        set_of_timed::iterator next;
    };

    spot find(const sms_timed& t)
    {
        for (auto& near : recent_) {
            if (near == nullptr || t < *near)
                continue;
            const auto next = std::next(all_.iterator_to(*near));
            if (next == all_.end() || t < *next)
                return {&near, next};
        }
        forgotten_ = (forgotten_ + 1) % recent_.size();
        return {&recent_[forgotten_], all_.upper_bound(t)};
    }

    set_of_timed all_;
    std::array<sms_timed*, 4> recent_{};  ///< those that were set of late
    std::size_t forgotten_ = 0;
};

}  // namespace aiflow
