#include "sms/sms_limits.hpp"

#include <algorithm>

namespace aiflow {

namespace {

using namespace std::chrono_literals;

problem refused(errc code, std::string field, std::string text)
{
    return {make_error_code(code), std::move(field), std::move(text)};
}

std::string allowed(const char* what, std::size_t limit)
{
    return std::string(what) + " at most " + std::to_string(limit);
}

std::string try_again_in(clock::duration left)
{
    return "; try again in " +
           std::to_string(std::chrono::ceil<std::chrono::seconds>(left).count()) + " s";
}

}  // namespace

std::optional<problem> session_refusal(const sms_session_counts& had, const sms_rules& rules,
                                       const std::string& recipient, clock::time_point now)
{
    if (had.messages >= rules.session_messages)
        return refused(errc::sms_session_messages, "session",
                       allowed("has had all its SMS; a session may send", rules.session_messages));
    if (had.frames >= rules.session_frames)
        return refused(
            errc::sms_session_frames, "session",
            allowed("has had all its attempts; a session may make", rules.session_frames));
    const auto& known = had.recipients;
    if (known.size() >= rules.session_recipients &&
        std::find(known.begin(), known.end(), recipient) == known.end())
        return refused(
            errc::sms_session_recipients, "recipient",
            allowed("is one more number for this session; it may have", rules.session_recipients));
    if (had.last_accepted) {
        const auto next = *had.last_accepted + rules.session_interval;
        if (now < next)
            return refused(errc::sms_session_interval, "session",
                           "has sent an SMS a moment ago; two need " +
                               std::to_string(rules.session_interval.count()) + " ms between them" +
                               try_again_in(next - now));
    }
    return std::nullopt;
}

sms_limits::sms_limits(const sms_rules& rules)
    : per_hour_(rules.recipient_per_hour), per_minute_(rules.process_per_minute),
      spacing_(rules.recipient_spacing)
{
}

std::optional<problem> sms_limits::refusal(clock::time_point now, const std::string& recipient)
{
    forget_old(now);
    const auto known = numbers_.find(recipient);
    if (known != numbers_.end() && known->second.accepted.size() >= per_hour_)
        return refused(errc::sms_recipient_rate, "recipient",
                       allowed("has had all its SMS; in an hour a number may be sent", per_hour_) +
                           try_again_in(known->second.accepted.front() + 1h - now));
    if (minute_.size() >= per_minute_)
        return refused(errc::sms_process_rate, "process",
                       allowed("has sent all its SMS; in a minute it may send", per_minute_) +
                           try_again_in(minute_.front() + 1min - now));
    return std::nullopt;
}

void sms_limits::accepted(clock::time_point at, const std::string& recipient)
{
    minute_.push_back(at);
    numbers_[recipient].accepted.push_back(at);
    accepted_.push_back({at + 1h, recipient});
}

void sms_limits::take_back(clock::time_point at, const std::string& recipient)
{
    const auto remove_last = [at](auto& times) {
        const auto found = std::find(times.rbegin(), times.rend(), at);
        if (found != times.rend())
            times.erase(std::next(found).base());
    };
    remove_last(minute_);
    if (const auto known = numbers_.find(recipient); known != numbers_.end())
        remove_last(known->second.accepted);
}

clock::time_point sms_limits::free_at(const std::string& recipient) const
{
    const auto known = numbers_.find(recipient);
    return known == numbers_.end() ? clock::time_point::min() : known->second.free_at;
}

void sms_limits::frame(clock::time_point now, const std::string& recipient)
{
    const auto until = now + spacing_;
    auto& known = numbers_[recipient];
    known.free_at = until;
    // Most go out soon after they were accepted, and the number is looked at an hour after that.
    if (known.accepted.empty() || until > known.accepted.back() + 1h)
        frames_.push_back({until, recipient});
}

void sms_limits::take_back_frame(clock::time_point at, const std::string& recipient)
{
    const auto known = numbers_.find(recipient);
    if (known != numbers_.end() && known->second.free_at == at + spacing_)
        known->second.free_at = at;
}

void sms_limits::forget_old(clock::time_point now)
{
    while (!minute_.empty() && minute_.front() + 1min <= now)
        minute_.pop_front();
    forget(accepted_, now);
    forget(frames_, now);
}

void sms_limits::forget(std::deque<use>& uses, clock::time_point now)
{
    for (; !uses.empty() && uses.front().until <= now; uses.pop_front()) {
        const auto known = numbers_.find(uses.front().recipient);
        if (known == numbers_.end())
            continue;
        auto& times = known->second.accepted;
        times.erase(times.begin(),
                    std::find_if(times.begin(), times.end(),
                                 [now](clock::time_point at) { return at + 1h > now; }));
        if (times.empty() && known->second.free_at <= now)
            numbers_.erase(known);
    }
}

std::optional<clock::time_point> sms_limits::next_forgetting() const
{
    std::optional<clock::time_point> next;
    for (const auto* uses : {&accepted_, &frames_})
        if (!uses->empty() && (!next || uses->front().until < *next))
            next = uses->front().until;
    return next;
}

}  // namespace aiflow
