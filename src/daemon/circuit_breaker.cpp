#include "daemon/circuit_breaker.hpp"

#include <utility>

namespace aiflow {

circuit_breaker::pass circuit_breaker::ask(clock::time_point now)
{
    if (!open_)
        return pass::normal;
    if (probing_ || now < next_)
        return pass::none;
    probing_ = true;
    return pass::probe;
}

bool circuit_breaker::succeeded()
{
    // Also an answer to a request from before the pause shows that the app is there.
    failures_ = 0;
    probing_ = false;
    return std::exchange(open_, false);
}

bool circuit_breaker::failed(pass p, clock::time_point now)
{
    // The others that were under way when it opened say nothing new.
    if (open_ && p != pass::probe)
        return false;
    ++failures_;
    probing_ = false;
    if (!open_ && failures_ < limit_)
        return false;
    next_ = now + pause_;
    return !std::exchange(open_, true);
}

void circuit_breaker::dropped(pass p)
{
    if (p == pass::probe)
        probing_ = false;
}

}  // namespace aiflow
