#include "daemon/speech_watch.hpp"

#include <numeric>

namespace aiflow {

namespace {

// Whether the end of a speech is told when it was stopped is not known. If so, it is told at once,
// and must not be taken for the end of what is said next, which no voice has finished by then.
constexpr std::chrono::milliseconds after_a_stop{500};

}  // namespace

void speech_watch::begun(time_point now, clock::duration at_most)
{
    forget_ended(now);
    if (waiting_.empty())
        first_began_ = now;
    waiting_.push_back(at_most);
}

void speech_watch::ended(time_point now)
{
    forget_ended(now);
    if (now < deaf_until_) {
        deaf_until_ = {};
        return;
    }
    if (waiting_.empty())
        return;
    waiting_.pop_front();
    first_began_ = now;
}

void speech_watch::silenced(time_point now)
{
    forget_ended(now);
    if (waiting_.empty())
        return;
    waiting_.clear();
    deaf_until_ = now + after_a_stop;
}

std::optional<speech_watch::time_point> speech_watch::silent_by(time_point now)
{
    forget_ended(now);
    if (waiting_.empty())
        return std::nullopt;
    return std::accumulate(waiting_.begin(), waiting_.end(), first_began_);
}

void speech_watch::forget_ended(time_point now)
{
    while (!waiting_.empty() && first_began_ + waiting_.front() <= now) {
        first_began_ += waiting_.front();
        waiting_.pop_front();
    }
}

}  // namespace aiflow
