#include "bench/sms_run.hpp"

#include "bench/driver.hpp"

#include <utility>

namespace aiflow::bench {

sms_run::sms_run(answer kind, std::size_t at_once, span_of_run span, cpu_meter cpu)
    : kind_(kind), at_once_(at_once), window_(span), reader_(true),
      start_(session_start_text(), true), turn_(question_text(), true),
      end_(session_end_text(), true), cpu_(std::move(cpu))
{
}

void sms_run::begin(driver& d)
{
    d.dial(1);
}

void sms_run::opened(peer& p)
{
    const auto now = steady::now();
    window_.begin(now);
    for (std::size_t i = 0; i < at_once_; ++i)
        begin_session(p, now);
}

void sms_run::begin_session(peer& p, steady::time_point now)
{
    start_.append_to(p.out(), sessions_);
    turn_.append_to(p.out(), sessions_);
    open_.asked(sessions_++, now);
}

void sms_run::received(peer& p, std::string_view text, steady::time_point now)
{
    const auto call = reader_.call_of(text, kind_ == answer::sms ? "send_sms" : "speak");
    const auto q = open_.answered(call, now);
    if (kind_ == answer::sms)
        unproven_.push_back(q);
    else
        settle(p, q, now);
}

void sms_run::pinged(peer& p, steady::time_point now)
{
    for (const auto& q : std::exchange(unproven_, {}))
        settle(p, q, now);
}

void sms_run::settle(peer& p, const open_questions::question& q, steady::time_point now)
{
    if (window_.measuring())
        latencies_.add(now - q.asked);
    window_.count();
    end_.append_to(p.out(), q.call);
    if (!window_.draining())
        begin_session(p, now);
}

void sms_run::turn(steady::time_point now)
{
    if (window_.move(now))
        cpu_ns_ = cpu_() - cpu_ns_;
}

figures sms_run::result()
{
    figures f;
    f["rate"] = window_.rate();
    f["cpu_ns"] = static_cast<double>(cpu_ns_) / static_cast<double>(window_.counted());
    f["busy"] = static_cast<double>(cpu_ns_) / (window_.seconds() * 1e9);
    latencies_.report(f);
    return f;
}

}  // namespace aiflow::bench
