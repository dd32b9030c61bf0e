#include "sms/sms_client_refs.hpp"

#include <utility>

namespace aiflow {

const sms_client_refs::known* sms_client_refs::find(const std::string& client_ref) const
{
    const auto found = entries_.find(client_ref);
    return found == entries_.end() ? nullptr : &found->second.message;
}

void sms_client_refs::add(const std::string& client_ref, known message, clock::time_point until)
{
    refs_.insert_or_assign(message.id.value, client_ref);
    entries_.insert_or_assign(client_ref, entry{std::move(message), until, std::nullopt});
    uses_.push_back({until, client_ref});
}

void sms_client_refs::remove(const std::string& client_ref)
{
    const auto found = entries_.find(client_ref);
    if (found == entries_.end())
        return;
    refs_.erase(found->second.message.id.value);
    entries_.erase(found);
}

void sms_client_refs::settled(const sms_outcome& o)
{
    const auto found = entries_.find(o.client_ref);
    if (found != entries_.end() && found->second.message.id == o.id)
        found->second.outcome = o;
}

std::optional<sms_outcome> sms_client_refs::outcome(sms_id id) const
{
    const auto ref = refs_.find(id.value);
    return ref == refs_.end() ? std::nullopt : entries_.at(ref->second).outcome;
}

void sms_client_refs::forget_old(clock::time_point now)
{
    for (; !uses_.empty() && uses_.front().until <= now; uses_.pop_front()) {
        // A key that was removed may have come again, with a time of its own.
        const auto found = entries_.find(uses_.front().client_ref);
        if (found != entries_.end() && found->second.until <= now)
            remove(uses_.front().client_ref);
    }
}

std::optional<clock::time_point> sms_client_refs::next_forgetting() const
{
    return uses_.empty() ? std::nullopt : std::optional(uses_.front().until);
}

}  // namespace aiflow
