#include "bench/flood_run.hpp"

#include "bench/driver.hpp"
#include "bench/event_texts.hpp"

#include <utility>

namespace aiflow::bench {

namespace {

constexpr std::size_t events_of_block = 256;

}  // namespace

flood_run::flood_run(std::string_view event, span_of_run span, bool names_session, bool masked,
                     cpu_meter cpu)
    : span_(span), reader_(names_session), cpu_(std::move(cpu))
{
    const numbered_frame one(event, masked);
    for (std::size_t i = 0; i < events_of_block; ++i)
        one.append_to(block_, 0);
    numbered_frame(short_question_text(), masked).append_to(question_, 0);
}

void flood_run::begin(driver& d)
{
    driver_ = &d;
    d.dial(1);
}

void flood_run::opened(peer& p)
{
    peer_ = &p;
    start(steady::now());
}

void flood_run::start(steady::time_point now)
{
    began_ = now;
    sent_ = 0;
    cpu_ns_ = cpu_();
}

void flood_run::turn(steady::time_point now)
{
    if (peer_ == nullptr || done_ || !questions_.empty() || !peer_->idle())
        return;
    driver_->touch(*peer_);
    if (now - began_ < (measured_ ? span_.measured : span_.warm_up) || sent_ < span_.least) {
        peer_->out() += block_;
        sent_ += events_of_block;
        return;
    }
    peer_->out() += question_;
    questions_.asked(0, now);
    ++sent_;
}

void flood_run::received(peer&, std::string_view text, steady::time_point read)
{
    questions_.answered(reader_.call_of(text), read);
    const auto now = steady::now();
    if (!measured_) {
        measured_ = true;
        return start(now);
    }
    seconds_ = std::chrono::duration<double>(now - began_).count();
    cpu_ns_ = cpu_() - cpu_ns_;
    done_ = true;
}

figures flood_run::result() const
{
    const auto events = static_cast<double>(sent_);
    const auto cpu = static_cast<double>(cpu_ns_);
    return {
        {"rate", events / seconds_}, {"cpu_ns", cpu / events}, {"busy", cpu / (seconds_ * 1e9)}};
}

}  // namespace aiflow::bench
