#include "daemon/sms_json.hpp"

#include "daemon/wall_time_text.hpp"

#include <algorithm>

namespace aiflow {

namespace json = boost::json;

namespace {

json::value time_or_null(clock::wall_time t)
{
    return t == clock::wall_time{} ? json::value(nullptr) : json::value(wall_time_text(t));
}

}  // namespace

json::object sms_json(const sms_record& r, const disclosure& shown)
{
    const bool final = is_final(r.state);
    const bool waits = r.state == sms_state::waiting_retry;
    json::object o{{"id", to_string(r.id)},
                   {"session", r.session_id},
                   {"recipient", shown.number(r.recipient)},
                   {"state", to_string(r.state)},
                   {"reason", r.outcome.reason_text},
                   {"attempts", std::max<std::size_t>(r.outcome.attempts, r.attempts.size())},
                   {"segments", r.segments},
                   {"accepted", wall_time_text(r.accepted_at)},
                   {"due", waits ? time_or_null(r.due) : json::value(nullptr)},
                   {"settled", final ? time_or_null(r.settled_at) : json::value(nullptr)},
                   {"handed_off", final ? r.outcome.handed_off
                                        : !r.attempts.empty() && r.attempts.back().handed_off},
                   {"client_ref", r.options.client_ref}};
    if (shown.content && !r.text.empty())
        o["text"] = r.text;
    return o;
}

json::array history_json(const sms_record& r)
{
    json::array history;
    for (const auto& a : r.attempts)
        history.push_back(json::object{{"attempt", a.number},
                                       {"started", time_or_null(a.started)},
                                       {"written", a.written},
                                       {"handed_off", a.handed_off},
                                       {"reason", a.reason}});
    return history;
}

}  // namespace aiflow
