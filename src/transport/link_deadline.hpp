#pragma once

#include "transport/byte_link.hpp"
#include "transport/timetable.hpp"

namespace aiflow {

/// As long as this exists, a link is closed when time is up, and so whatever waits on it ends.
///
/// It costs an entry in a timetable, where `with_deadline` takes coroutines of its own: a link has
/// a deadline for each thing that it does, and hardly one is ever reached.
/// Thread safety: none; the timetable's executor. Lifetime: `link` outlives it.
class link_deadline final : public timetable::entry {
public:
    link_deadline(timetable& times, byte_link& link, clock::time_point by) : link_(link)
    {
        times.advance(*this, by);
    }

    void on_due(clock::time_point) override
    {
        passed_ = true;
        link_.close();
    }

    /// What an operation that ended with `ec` has come to: `timed_out` if time was up.
    error_code result(error_code ec) const
    {
        return ec && passed_ ? error_code(asio::error::timed_out) : ec;
    }

private:
    byte_link& link_;
    bool passed_ = false;
};

}  // namespace aiflow
