#include "daemon/status_json.hpp"

#include "daemon/wall_time_text.hpp"

#include <boost/json/array.hpp>

namespace aiflow {

namespace {

namespace json = boost::json;

std::int64_t whole_seconds(clock::duration d)
{
    return std::chrono::duration_cast<std::chrono::seconds>(d).count();
}

json::object sms_json(const sms_statistics& s)
{
    return {{"open", s.open},
            {"waiting_retry", s.waiting_retry},
            {"accepted", s.accepted},
            {"refused", s.refused},
            {"assumed_sent", s.assumed_sent},
            {"unobserved", s.unobserved},
            {"failed", s.failed},
            {"abandoned", s.abandoned},
            {"expired", s.expired},
            {"cancelled", s.cancelled},
            {"breaker_open", s.breaker_open},
            {"account_refused", s.account_refused}};
}

json::object outbox_json(const outbox_facts& o)
{
    std::size_t messages = 0;
    for (const auto& [state, count] : o.messages)
        messages += count;
    return {{"messages", messages}, {"bytes", o.bytes}, {"broken", o.broken}};
}

void add(json::object& o, const listener_status& s)
{
    o["state"] = to_string(s.state);
    o["accepted"] = s.accepted;
    o["refused"] = s.refused;
}

void add(json::object& o, const client_status& s, clock::time_point at)
{
    o["state"] = to_string(s.state);
    if (s.last_failure)
        o["last_failure"] = to_string(*s.last_failure);
    if (s.state == client_state::waiting && s.next_attempt > at)
        o["next_attempt_in_s"] = whole_seconds(s.next_attempt - at);
}

json::object side_json(const metrics_snapshot::side& side, clock::time_point at)
{
    json::object o{{"name", side.name}};
    if (side.listener)
        add(o, *side.listener);
    if (side.client)
        add(o, *side.client, at);
    o["connections"] = side.sessions.open_connections;
    o["events"] = side.sessions.events;
    o["actions"] = side.sessions.actions;
    o["sms"] = sms_json(side.sms);
    if (side.outbox)
        o["outbox"] = outbox_json(*side.outbox);
    return o;
}

}  // namespace

json::object status_json(const metrics_snapshot& now, clock::time_point at, clock::wall_time wall)
{
    json::object o{{"version", now.version},
                   {"started", wall_time_text(now.started)},
                   {"uptime_s", whole_seconds(wall - now.started)},
                   {"handler",
                    {{"ready", now.bot.ready},
                     {"text", now.bot.text},
                     {"answers", now.bot.answers},
                     {"bad_answers", now.bot.bad_answers},
                     {"failures", now.bot.failures},
                     {"waiting", now.bot.waiting}}}};
    json::array sides;
    std::size_t calls = 0;
    for (const auto& side : now.sides) {
        calls += side.sessions.open_sessions;
        sides.emplace_back(side_json(side, at));
    }
    o["calls"] = calls;
    o["sides"] = std::move(sides);
    if (now.process.resident_bytes)
        o["resident_bytes"] = *now.process.resident_bytes;
    if (now.process.open_files)
        o["open_files"] = *now.process.open_files;
    return o;
}

}  // namespace aiflow
