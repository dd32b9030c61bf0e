#pragma once

#include "aiflow/clock.hpp"

#include <boost/intrusive/set.hpp>

#include <optional>

namespace aiflow {

/// When to look at whom next.
///
/// One coroutine waits for the earliest entry, so what has to be looked at needs neither a timer
/// nor a coroutine of its own.
/// Thread safety: none.
class timetable {
public:
    /// Something that is looked at when its time has come. It leaves the table then, and when it
    /// is destroyed.
    class entry : public boost::intrusive::set_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    public:
        virtual void on_due(clock::time_point now) = 0;

    protected:
        entry() = default;
        entry(const entry&) = delete;
        entry& operator=(const entry&) = delete;
        ~entry() = default;

    private:
        friend class timetable;
        friend bool operator<(const entry& a, const entry& b) noexcept { return a.when_ < b.when_; }

        clock::time_point when_;
    };

    /// Looks at `e` at `when`, and not at the time that was set before.
    void set(entry& e, clock::time_point when)
    {
        remove(e);
        e.when_ = when;
        entries_.insert(e);
    }

    /// Looks at `e` at `when` if that is earlier, or it was not to be looked at.
    void advance(entry& e, clock::time_point when)
    {
        if (!e.is_linked() || when < e.when_)
            set(e, when);
    }

    void remove(entry& e) noexcept
    {
        if (e.is_linked())
            e.unlink();
    }

    /// The time of the earliest entry.
    std::optional<clock::time_point> next() const
    {
        return entries_.empty() ? std::nullopt : std::optional(entries_.begin()->when_);
    }

    /// Looks at everything that is due.
    void run_due(clock::time_point now)
    {
        while (!entries_.empty() && entries_.begin()->when_ <= now) {
            entry& e = *entries_.begin();
            remove(e);
            e.on_due(now);
        }
    }

private:
    boost::intrusive::multiset<entry, boost::intrusive::constant_time_size<false>> entries_;
};

}  // namespace aiflow
