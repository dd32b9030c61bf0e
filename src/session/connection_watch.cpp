// How a connection is watched: pings, silence, and writes that stand still.

#include "session/connection.hpp"
#include "session/dispatcher.hpp"

#include <algorithm>

namespace aiflow {

// On a slow link a ping waits behind what went out before it. While that moves, the link is alive.
bool connection::extend(unanswered& ping, const transfer& out, clock::time_point now)
{
    if (!ping.behind || out.arrived <= ping.acknowledged)
        return false;
    ping.since = now;
    ping.acknowledged = out.arrived;
    ping.behind = out.goes_on;
    return true;
}

connection::transfer connection::see_transfer(const stream_activity& seen) const noexcept
{
    const auto under_way = stream_->bytes_under_way();
    return {seen.bytes_out - std::min(seen.bytes_out, under_way),
            under_way > 0 || writing_since_.has_value()};
}

void connection::on_due(clock::time_point now)
{
    if (!over_)
        return look_on(now);
    if (!stop_by_)
        return;
    if (now >= *stop_by_)
        stream_->abort();
    else
        home_.times().advance(*this, *stop_by_);
}

void connection::look_on(clock::time_point now)
{
    const auto seen = stream_->activity();
    // Whether it is silent cannot be told while nothing is read.
    const auto heard = paused_ ? now : std::max(seen.last_in, reading_since_);
    if (pinged_ && (paused_ || seen.bytes_in != pinged_->bytes_in))
        pinged_.reset();

    auto next = heard + options_.ping_interval;
    if (pinged_) {
        if (now >= pinged_->since + options_.pong_timeout &&
            !extend(*pinged_, see_transfer(seen), now))
            return fail(errc::pong_timeout);
    } else if (now >= next) {
        const auto out = see_transfer(seen);
        pinged_ = unanswered{now, seen.bytes_in, out.arrived, out.goes_on};
        ping_due_ = true;
        flush_soon();
    }
    // An answer wakes nobody, so the next ping is due an interval later even if there is more time.
    if (pinged_)
        next = std::min(pinged_->since + options_.pong_timeout, now + options_.ping_interval);
    if (writing_since_) {
        const auto stalled = std::max(seen.last_out, *writing_since_) + options_.write_timeout;
        if (now >= stalled)
            return fail(errc::write_timeout);
        next = std::min(next, stalled);
    }
    if (stop_by_) {
        if (now >= *stop_by_)
            return end_reading();
        next = std::min(next, *stop_by_);
    }
    home_.times().advance(*this, next);
}

}  // namespace aiflow
