#include "sms/sms_breaker.hpp"

namespace aiflow {

sms_breaker::sms_breaker(const sms_rules& rules)
    : limit_failures_(rules.breaker_failures), limit_recipients_(rules.breaker_recipients),
      window_(rules.breaker_window), probe_interval_(rules.breaker_probe)
{
}

bool sms_breaker::failure(clock::time_point now, std::string_view recipient)
{
    if (open_)
        return false;
    forget_older(now - window_);
    failures_.push_back({now, std::string(recipient)});
    ++recipients_[failures_.back().recipient];
    if (failures_.size() < limit_failures_ || recipients_.size() < limit_recipients_)
        return false;
    open_ = true;
    next_probe_ = now + probe_interval_;
    failures_.clear();
    recipients_.clear();
    return true;
}

void sms_breaker::forget_older(clock::time_point limit)
{
    for (; !failures_.empty() && failures_.front().at < limit; failures_.pop_front()) {
        const auto count = recipients_.find(failures_.front().recipient);
        if (--count->second == 0)
            recipients_.erase(count);
    }
}

void sms_breaker::prepare_probe(sms_id id) noexcept
{
    probe_ = id;
    next_probe_.reset();
}

void sms_breaker::probe_sent(clock::time_point now) noexcept
{
    next_probe_ = now + probe_interval_;
}

void sms_breaker::probe_withdrawn(sms_id id, clock::time_point now) noexcept
{
    if (probe_ != id)
        return;
    probe_.reset();
    next_probe_ = now;
}

void sms_breaker::close() noexcept
{
    open_ = false;
    probe_.reset();
}

bool sms_account_guard::refuse(clock::time_point now, sms_reason reason, std::string_view text)
{
    const bool news = !cause_ || cause_->reason != reason;
    // The failures of what was already on its way do not make the refusal longer.
    if (!cause_ || now >= until_)
        until_ = now + refusal_;
    cause_ = cause{reason, std::string(text)};
    probe_.reset();
    return news;
}

const sms_account_guard::cause* sms_account_guard::refuses_new(clock::time_point now) const noexcept
{
    return cause_ && (now < until_ || probe_) ? &*cause_ : nullptr;
}

const sms_account_guard::cause*
sms_account_guard::refuses_attempt(clock::time_point now) const noexcept
{
    return cause_ && now < until_ ? &*cause_ : nullptr;
}

void sms_account_guard::accepted(sms_id id) noexcept
{
    if (cause_ && !probe_)
        probe_ = id;
}

void sms_account_guard::settled(sms_id id, bool cleared) noexcept
{
    if (probe_ != id)
        return;
    probe_.reset();
    if (cleared)
        cause_.reset();
}

}  // namespace aiflow
