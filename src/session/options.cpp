// What every option may be, in one place.

#include "aiflow/client.hpp"
#include "session/option_rules.hpp"

#include <array>
#include <chrono>
#include <string>

namespace aiflow {

namespace {

using namespace std::chrono_literals;

}  // namespace

std::optional<problem> validate(const session_options& o)
{
    const std::array durations{
        duration_rule{"sessions.overflow_patience", o.overflow_patience, 0ms, 10min},
        duration_rule{"sessions.shared_overflow_patience", o.shared_overflow_patience, 0ms, 10min},
        duration_rule{"sessions.grace", o.grace, 0ms, 1h},
        duration_rule{"sessions.expiry", o.expiry, 1s, 7 * 24h},
        duration_rule{"sessions.slow_answer", o.slow_answer, 1ms, 1h},
        duration_rule{"sessions.farewell", o.farewell, 0ms, 1min}};
    const std::array counts{
        count_rule{"sessions.queue_events", o.queue_events, 1, 1'000'000},
        count_rule{"sessions.queue_bytes", o.queue_bytes, 1024, std::size_t{1} << 30},
        count_rule{"sessions.max_sessions", o.max_sessions, 1, 10'000'000}};
    if (auto wrong = first_broken(durations))
        return wrong;
    if (auto wrong = first_broken(counts))
        return wrong;
    if (auto wrong = validate(o.sms))
        return wrong;
    if (o.sms.grace < o.grace)
        return problem{make_error_code(errc::invalid_value), "sms.grace",
                       "must be as long as sessions.grace, " + std::to_string(o.grace.count()) +
                           " ms, so that an SMS waits for its call as long as the call itself"};
    return std::nullopt;
}

std::optional<problem> validate(const connection_options& o)
{
    const std::array durations{
        duration_rule{"connection.ping_interval", o.ping_interval, 100ms, 1h},
        duration_rule{"connection.pong_timeout", o.pong_timeout, 100ms, 1h},
        duration_rule{"connection.write_timeout", o.write_timeout, 100ms, 1h},
        duration_rule{"connection.close_timeout", o.close_timeout, 0ms, 1min}};
    const std::array counts{
        count_rule{"connection.queue_messages", o.queue_messages, 1, 1'000'000},
        count_rule{"connection.queue_bytes", o.queue_bytes, 1024, std::size_t{1} << 32}};
    if (auto wrong = first_broken(durations))
        return wrong;
    return first_broken(counts);
}

dial_options dial_options_of(const client_options& o)
{
    dial_options d;
    d.url = o.url;
    d.token = o.token;
    d.headers = o.headers;
    d.ca_file = o.ca_file;
    d.allow_plain_text = o.allow_plain_text;
    d.limits = o.limits;
    d.timeouts = o.timeouts;
    return d;
}

std::optional<problem> validate(const client_options& o)
{
    if (auto wrong = validate(dial_options_of(o)))
        return wrong;
    if (auto wrong = validate(o.backoff))
        return wrong;
    if (auto wrong = validate(o.connection))
        return wrong;
    if (auto wrong = validate(o.sessions))
        return wrong;
    return check(duration_rule{"drain", o.drain, 0ms, 24h});
}

}  // namespace aiflow
