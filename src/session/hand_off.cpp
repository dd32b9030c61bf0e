#include "session/hand_off.hpp"

#include <charconv>
#include <utility>

namespace aiflow {

std::string_view hand_off::ping(std::vector<sms_attempt_key> behind)
{
    payload_ = std::to_string(++last_);
    // Pings that carry no proof need no memory, and a peer that never pongs gets little.
    if (behind.empty())
        return payload_;
    if (pings_.size() == most_outstanding)
        pings_.erase(pings_.begin());
    pings_.push_back({last_, std::move(behind)});
    return payload_;
}

std::vector<sms_attempt_key> hand_off::pong(std::string_view payload)
{
    std::uint64_t number = 0;
    const auto* end = payload.data() + payload.size();
    const auto parsed = std::from_chars(payload.data(), end, number);
    std::vector<sms_attempt_key> proven;
    if (parsed.ec != std::errc{} || parsed.ptr != end || number > last_)
        return proven;
    // A pong answers for earlier pings too: the peer may answer only the latest one.
    auto at = pings_.begin();
    for (; at != pings_.end() && at->number <= number; ++at)
        proven.insert(proven.end(), at->behind.begin(), at->behind.end());
    pings_.erase(pings_.begin(), at);
    return proven;
}

}  // namespace aiflow
