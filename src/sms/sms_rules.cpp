// What the rules may be, in one place.

#include "aiflow/sms.hpp"

#include <array>
#include <cmath>
#include <string>

namespace aiflow {

namespace {

using ms = std::chrono::milliseconds;
using namespace std::chrono_literals;

struct duration_rule {
    const char* field;
    ms value;
    ms least;
    ms most;
};

struct count_rule {
    const char* field;
    std::size_t value;
    std::size_t least;
    std::size_t most;
};

problem out_of_range(const char* field, const std::string& least, const std::string& most,
                     const std::string& value)
{
    return {make_error_code(errc::invalid_value), field,
            "must be " + least + " to " + most + ", not " + value};
}

std::optional<problem> check(const duration_rule& r)
{
    if (r.value >= r.least && r.value <= r.most)
        return std::nullopt;
    return out_of_range(r.field, std::to_string(r.least.count()),
                        std::to_string(r.most.count()) + " ms", std::to_string(r.value.count()));
}

std::optional<problem> check(const count_rule& r)
{
    if (r.value >= r.least && r.value <= r.most)
        return std::nullopt;
    return out_of_range(r.field, std::to_string(r.least), std::to_string(r.most),
                        std::to_string(r.value));
}

std::optional<problem> check_retry(const sms_rules& r)
{
    if (r.retry_delays.empty())
        return problem{
            make_error_code(errc::invalid_value), "sms.retry_delays",
            "is empty; give at least one delay (the last one serves all further retries)"};
    for (const auto delay : r.retry_delays)
        if (auto wrong = check(duration_rule{"sms.retry_delays", delay, 1ms, 1h}))
            return wrong;
    // Written so that a NaN is refused too.
    if (!(r.retry_jitter >= 0.0 && r.retry_jitter <= 0.5))
        return out_of_range("sms.retry_jitter", "0", "0.5", std::to_string(r.retry_jitter));
    return std::nullopt;
}

}  // namespace

std::optional<problem> validate(const sms_rules& r)
{
    const std::array durations{
        duration_rule{"sms.recipient_spacing", r.recipient_spacing, 0ms, 1h},
        duration_rule{"sms.window", r.window, 1ms, 1h},
        duration_rule{"sms.grace", r.grace, 0ms, 1h},
        duration_rule{"sms.hold", r.hold, 0ms, 1h},
        duration_rule{"sms.late_limit", r.late_limit, 0ms, 24h},
        duration_rule{"sms.max_age", r.max_age, 1s, 24h},
        duration_rule{"sms.duplicate_window", r.duplicate_window, 0ms, 24h},
        duration_rule{"sms.client_ref_memory", r.client_ref_memory, 1h, 31 * 24h},
        duration_rule{"sms.session_interval", r.session_interval, 0ms, 1h},
        duration_rule{"sms.breaker_window", r.breaker_window, 1ms, 1h},
        duration_rule{"sms.breaker_probe", r.breaker_probe, 1ms, 1h},
        duration_rule{"sms.account_refusal", r.account_refusal, 1ms, 24h}};
    const std::array counts{
        count_rule{"sms.max_attempts", r.max_attempts, 1, 10},
        count_rule{"sms.session_messages", r.session_messages, 1, 1000},
        count_rule{"sms.session_frames", r.session_frames, 1, 10'000},
        count_rule{"sms.session_recipients", r.session_recipients, 1, 1000},
        count_rule{"sms.recipient_per_hour", r.recipient_per_hour, 1, 100'000},
        count_rule{"sms.process_per_minute", r.process_per_minute, 1, 1'000'000},
        count_rule{"sms.max_characters", r.max_characters, 1, 15'300},
        count_rule{"sms.max_open", r.max_open, 1, 10'000'000},
        count_rule{"sms.breaker_failures", r.breaker_failures, 1, 1'000'000},
        count_rule{"sms.breaker_recipients", r.breaker_recipients, 1, 1'000'000}};
    for (const auto& rule : durations)
        if (auto wrong = check(rule))
            return wrong;
    for (const auto& rule : counts)
        if (auto wrong = check(rule))
            return wrong;
    return check_retry(r);
}

}  // namespace aiflow
