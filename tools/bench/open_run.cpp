#include "bench/open_run.hpp"

#include "bench/driver.hpp"

#include <utility>

namespace aiflow::bench {

open_run::open_run(std::size_t connections, double per_second, span_of_run span, bool names_session,
                   bool masked, cpu_meter cpu)
    : connections_(connections), per_second_(per_second), window_(span), reader_(names_session),
      question_(question_text(), masked), cpu_(std::move(cpu)), questions_(connections)
{
}

void open_run::begin(driver& d)
{
    driver_ = &d;
    d.dial(connections_);
}

void open_run::opened(peer& p)
{
    p.call = peers_.size();
    peers_.push_back(&p);
    if (peers_.size() < connections_)
        return;
    const auto now = steady::now();
    schedule_.emplace(now, per_second_);
    window_.begin(now);
}

void open_run::received(peer& p, std::string_view text, steady::time_point read)
{
    const auto q = questions_[p.call].answered(reader_.call_of(text), read);
    --open_;
    if (window_.measuring())
        latencies_.add(steady::now() - q.asked);
    window_.count();
}

void open_run::turn(steady::time_point now)
{
    if (!schedule_)
        return;
    if (window_.move(now))
        cpu_ns_ = cpu_() - cpu_ns_;
    while (!window_.draining() && schedule_->due(now)) {
        peer& p = *peers_[next_peer_];
        question_.append_to(p.out(), p.call);
        questions_[p.call].asked(p.call, schedule_->take());
        driver_->touch(p);
        ++open_;
        next_peer_ = (next_peer_ + 1) % peers_.size();
    }
}

figures open_run::result()
{
    figures f;
    f["rate"] = window_.rate();
    f["cpu_ns"] = static_cast<double>(cpu_ns_) / static_cast<double>(window_.counted());
    f["busy"] = static_cast<double>(cpu_ns_) / (window_.seconds() * 1e9);
    latencies_.report(f);
    return f;
}

}  // namespace aiflow::bench
