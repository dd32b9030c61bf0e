#pragma once

#include "aiflow/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>

#include <optional>

namespace aiflow {

/// When to look at whom next.
///
/// One coroutine, `watch`, waits for the earliest entry, so what has to be looked at needs neither
/// a timer nor a coroutine of its own.
/// Thread safety: none; one executor. Lifetime: `time` outlives it, and it whoever watches.
class timetable {
public:
    timetable(const asio::any_io_executor& executor, clock& time)
        : time_(time), earlier_(executor, asio::steady_timer::time_point::max())
    {
    }

    clock& time() const noexcept { return time_; }

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

    /// Looks at `e` at `when` if that is earlier, or it was not to be looked at.
    void advance(entry& e, clock::time_point when);

    void remove(entry& e) noexcept
    {
        if (e.is_linked())
            e.unlink();
    }

    /// Looks at everything when its time has come. Cancellation: any type; completes.
    asio::awaitable<void> watch();

private:
    void run_due(clock::time_point now);
    bool is_too_late() const;
    asio::awaitable<void> earlier();

    boost::intrusive::multiset<entry, boost::intrusive::constant_time_size<false>> entries_;
    clock& time_;
    asio::steady_timer earlier_;  // cancelled when `watch` would be too late
    // When `watch` looks next. Stays when an entry leaves: deadlines are rarely reached, so the
    // earliest one changes all the time, and to wake in vain now and then is cheaper.
    clock::time_point next_ = clock::time_point::min();
};

}  // namespace aiflow
