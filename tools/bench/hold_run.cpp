#include "bench/hold_run.hpp"

#include "bench/driver.hpp"

#include <stdexcept>

namespace aiflow::bench {

hold_run::hold_run(std::size_t connections, std::uint64_t first_call, bool names_session)
    : connections_(connections), next_call_(first_call), reader_(names_session),
      start_(session_start_text(), true)
{
}

void hold_run::begin(driver& d)
{
    d.dial(connections_);
}

void hold_run::opened(peer& p)
{
    p.call = next_call_++;
    p.step = 0;
    start_.append_to(p.out(), p.call);
}

void hold_run::received(peer& p, std::string_view text, steady::time_point)
{
    const auto call = reader_.call_of(text);
    if (p.step++ != 0 || (call && *call != p.call))
        throw std::runtime_error("an answer came that answers no open question");
    ++answered_;
}

leave_run::leave_run() : end_(session_end_text(), true) {}

void leave_run::begin(driver& d)
{
    driver_ = &d;
    for (auto* p : d.peers()) {
        end_.append_to(p->out(), p->call);
        p->send(opcode::close, std::string_view("\x03\xe8", 2));
        p->close_sent = true;
        d.touch(*p);
    }
}

void leave_run::opened(peer&)
{
    throw std::logic_error("nobody was dialled");
}

void leave_run::received(peer&, std::string_view, steady::time_point)
{
    throw std::runtime_error("an answer came that answers no open question");
}

void leave_run::ended(peer& p)
{
    if (!p.close_received)
        throw std::runtime_error("the application closed a connection without a close frame");
}

bool leave_run::done() const
{
    return driver_->open() == 0;
}

}  // namespace aiflow::bench
