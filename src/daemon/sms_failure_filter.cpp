#include "daemon/sms_failure_filter.hpp"

#include <utility>

namespace aiflow {

void sms_failure_filter::accepted(sms_id id, std::string recipient)
{
    open_.insert_or_assign(id, std::move(recipient));
}

std::optional<sms_failed> sms_failure_filter::failed(const sms_failure& f)
{
    if (f.id && !show_all_ && f.will_retry) {
        held_back_.insert_or_assign(*f.id, f.event);
        return std::nullopt;
    }
    if (f.id) {
        // Shown now, so that its outcome need not be.
        held_back_.erase(*f.id);
        if (!f.will_retry)
            open_.erase(*f.id);
    }
    return f.event;
}

std::optional<sms_failed> sms_failure_filter::ended(const sms_outcome& o)
{
    const auto held = held_back_.extract(o.id);
    const auto open = open_.extract(o.id);
    if (!o.failed() || o.state == sms_state::cancelled)
        return std::nullopt;
    if (held)
        return held.mapped();
    if (!open)
        return std::nullopt;
    sms_failed e;
    e.recipient = open.mapped();
    e.reason = o.reason_text.empty() ? std::string(to_string(sms_reason::unknown)) : o.reason_text;
    e.message = "aiflowd: " + to_string(o);
    return e;
}

std::optional<sms_failed> sms_failure_filter::refused(const std::string& recipient,
                                                      const problem& why)
{
    if (why.code == errc::sms_duplicate_suppressed)
        return std::nullopt;
    sms_failed e;
    e.recipient = recipient;
    e.reason = std::string(to_string(sms_reason::unknown));
    e.message = "aiflowd: not sent: " + to_string(why);
    return e;
}

}  // namespace aiflow
