#include "sim_stage.hpp"

#include "aiflow/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <csignal>
#include <iostream>

namespace {

namespace asio = boost::asio;
namespace sim = aiflow::simulator;

}  // namespace

sim_stage::sim_stage(asio::io_context& io, const sim_flags& flags, sim::scenario plan,
                     connection_source& source, std::ofstream record)
    : io_(io), flags_(flags), plan_(std::move(plan)), source_(source), record_(std::move(record)),
      signals_(io, SIGINT, SIGTERM), timeout_(io)
{
}

int sim_stage::exit_code() const noexcept
{
    if (gave_up_)
        return exit_unavailable;
    if (failed_)
        return exit_not_held;
    return record_failed_ ? exit_no_output : exit_held;
}

void sim_stage::start()
{
    if (!flags_.quiet)
        introduce();
    source_.start({[this](std::string_view what) { note(what); },
                   [this](std::string_view why) { give_up(why); }});
    watch_signals();
    asio::co_spawn(io_, play_until_stopped(), asio::detached);
}

void sim_stage::introduce() const
{
    const std::string name = plan_.name.empty() ? flags_.scenario : plan_.name;
    const auto calls = plan_.call_count();
    std::cout << aiflow::printable(name) << ": " << calls << (calls == 1 ? " call" : " calls")
              << " for " << source_.bot() << '\n'
              << std::flush;
}

void sim_stage::watch_signals()
{
    signals_.async_wait([this](boost::system::error_code cancelled, int) {
        if (cancelled)
            return;
        failed_ = failed_ || flags_.check;
        if (stopping_)
            return io_.stop();  // asked twice: do not wait for the other side
        stopping_ = true;
        playing_->stop();
        watch_signals();
    });
}

void sim_stage::begin_timeout()
{
    if (!flags_.timeout)
        return;
    timeout_.expires_after(*flags_.timeout);
    timeout_.async_wait([this](boost::system::error_code cancelled) {
        if (cancelled)
            return;
        std::cerr << "aiflow-sim: stopped: the play was not over within --timeout\n";
        failed_ = true;
        playing_->stop();
    });
}

void sim_stage::observe(const sim::happening& h)
{
    if (std::holds_alternative<sim::connection_opened>(h.what) && h.connection == 1) {
        zero_ = h.at;
        timeline_.emplace(sim::timeline_options{flags_.color, flags_.show_content},
                          playing_->record(), zero_);
        if (!flags_.once)
            begin_timeout();
    }
    if (std::holds_alternative<sim::connection_ended>(h.what) ||
        std::holds_alternative<sim::cut_made>(h.what))
        source_.connection_lost();
    if (const auto* moved = std::get_if<sim::frame_moved>(&h.what)) {
        if (record_.is_open())
            record(sim::json_line(*moved->frame, zero_));
        return;
    }
    if (!flags_.quiet)
        std::cout << timeline_->lines(h) << std::flush;
}

void sim_stage::record(const std::string& line)
{
    if (record_ << line << std::flush)
        return;
    std::cerr << "aiflow-sim: --record: the file cannot be written any more; make room for it\n";
    record_.close();
    record_failed_ = true;
}

void sim_stage::note(std::string_view what)
{
    if (!flags_.quiet)
        std::cout << timeline_->note(aiflow::real_clock().now(), what) << std::flush;
}

void sim_stage::give_up(std::string_view why)
{
    std::cerr << "aiflow-sim: " << why << '\n';
    gave_up_ = true;
    playing_->stop();
}

// A play that was stopped by hand has failed already if a check was asked for.
void sim_stage::conclude()
{
    if (gave_up_)
        return;
    const sim::journal& seen = playing_->record();
    if (!seen.all_held() && !stopping_)
        failed_ = true;
    if (stopping_ && !flags_.check && seen.connections == 0)
        return;
    if (!flags_.quiet)
        std::cout << timeline_->summary() << std::flush;
    else if (failed_)
        std::cout << timeline_->failures() << std::flush;
}

asio::awaitable<void> sim_stage::play_once()
{
    sim::simulator_options options;
    options.speed = flags_.speed;
    options.seed = (std::uint64_t{seeds_()} << 32U) | seeds_();
    options.observe = [this](const sim::happening& h) { observe(h); };
    playing_.emplace(aiflow::real_clock(), plan_, std::move(options));
    zero_ = aiflow::real_clock().now();
    timeline_.emplace(sim::timeline_options{flags_.color, flags_.show_content}, playing_->record(),
                      zero_);
    if (flags_.once)
        begin_timeout();
    source_.play(*playing_);
    co_await playing_->run();
    timeout_.cancel();
    conclude();
}

asio::awaitable<void> sim_stage::play_until_stopped()
{
    do
        co_await play_once();
    while (!stopping_ && !flags_.once);
    source_.stop();
    signals_.cancel();
}
