#include "bench/calls_run.hpp"

#include "bench/driver.hpp"

#include <stdexcept>
#include <utility>

namespace aiflow::bench {

namespace {

constexpr std::string_view normal_closure("\x03\xe8", 2);  // 1000

span_of_run in_waves(span_of_run span, std::size_t of_so_many)
{
    span.round = of_so_many;
    return span;
}

}  // namespace

calls_run::calls_run(std::size_t at_once, std::size_t at_least, span_of_run span,
                     bool names_session, cpu_meter cpu)
    : at_once_(at_once), at_least_(at_least), window_(in_waves(span, at_once)),
      reader_(names_session), start_(session_start_text(), true), turn_(question_text(), true),
      end_(session_end_text(), true), cpu_(std::move(cpu))
{
}

void calls_run::begin(driver& d)
{
    driver_ = &d;
    d.dial(at_once_);
}

void calls_run::ask(peer& p, const numbered_frame& event, steady::time_point now)
{
    event.append_to(p.out(), p.call);
    p.asked = now;
}

void calls_run::opened(peer& p)
{
    p.call = calls_++;
    p.step = 0;
    const auto now = steady::now();
    if (calls_ == at_once_)
        window_.begin(now);
    ask(p, start_, now);
}

void calls_run::received(peer& p, std::string_view text, steady::time_point now)
{
    const auto call = reader_.call_of(text);
    if (p.close_sent || (call && *call != p.call))
        throw std::runtime_error("an answer came that answers no open question");
    if (window_.measuring() && p.step > 0)
        latencies_.add(now - p.asked);
    if (++p.step <= turns)
        return ask(p, turn_, now);
    end_.append_to(p.out(), p.call);
    p.send(opcode::close, normal_closure);
    p.close_sent = true;
}

void calls_run::ended(peer& p)
{
    // A close frame of the application is answered, so one of ours does not say that it was time.
    if (p.step <= turns || !p.close_received)
        throw std::runtime_error("the application closed a connection in the middle of a call");
    ++over_;
    window_.count();
    if (!window_.draining())
        driver_->dial(1);
}

void calls_run::turn(steady::time_point now)
{
    // Calls that have to come anyway are part of what is measured.
    if (window_.measuring() && over_ < at_least_)
        return;
    if (window_.move(now) && cpu_)
        cpu_ns_ = cpu_() - cpu_ns_;
}

bool calls_run::done() const
{
    return window_.draining() && over_ == calls_ && driver_->dialling() == 0;
}

figures calls_run::result()
{
    figures f;
    f["rate"] = window_.rate();
    f["cpu_ns"] =
        static_cast<double>(cpu_ns_) / static_cast<double>(window_.counted() * std::size_t{events});
    f["busy"] = static_cast<double>(cpu_ns_) / (window_.seconds() * 1e9);
    latencies_.report(f);
    return f;
}

}  // namespace aiflow::bench
