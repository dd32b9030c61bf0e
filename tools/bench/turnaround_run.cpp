#include "bench/turnaround_run.hpp"

#include "bench/driver.hpp"

#include <utility>

namespace aiflow::bench {

turnaround_run::turnaround_run(shape s, span_of_run span, bool names_session, bool masked,
                               cpu_meter cpu)
    : shape_(s), window_(span), reader_(names_session), question_(question_text(), masked),
      cpu_(std::move(cpu))
{
    questions_.reserve(s.connections);
}

void turnaround_run::begin(driver& d)
{
    driver_ = &d;
    d.dial(shape_.connections);
}

void turnaround_run::opened(peer& p)
{
    p.call = questions_.size();
    questions_.emplace_back();
    peers_.push_back(&p);
    if (peers_.size() < shape_.connections)
        return;
    const auto now = steady::now();
    window_.begin(now);
    for (auto* each : peers_) {
        for (std::size_t i = 0; i < shape_.calls_each; ++i) {
            const auto call = each->call * shape_.calls_each + i;
            question_.append_to(each->out(), call);
            questions_[each->call].asked(call, now);
            ++open_;
        }
        driver_->touch(*each);
    }
}

void turnaround_run::received(peer& p, std::string_view text, steady::time_point now)
{
    auto& questions = questions_[p.call];
    const auto q = questions.answered(reader_.call_of(text), now);
    --open_;
    if (window_.measuring())
        latencies_.add(now - q.asked);
    window_.count();
    if (window_.draining())
        return;
    question_.append_to(p.out(), q.call);
    questions.asked(q.call, now);
    ++open_;
}

void turnaround_run::turn(steady::time_point now)
{
    if (!window_.move(now) || !cpu_)
        return;
    cpu_ns_ = cpu_() - cpu_ns_;
}

bool turnaround_run::done() const
{
    return window_.draining() && open_ == 0;
}

figures turnaround_run::result()
{
    figures f;
    f["rate"] = window_.rate();
    f["cpu_ns"] = static_cast<double>(cpu_ns_) / static_cast<double>(window_.counted());
    f["busy"] = static_cast<double>(cpu_ns_) / (window_.seconds() * 1e9);
    latencies_.report(f);
    return f;
}

}  // namespace aiflow::bench
