// aiflow-sim: plays AI Flow to the bots that connect. See docs/simulator.md.
#include "sim_flags.hpp"
#include "sim_server.hpp"

#include "aiflow/log.hpp"
#include "simulator/scenario_reader.hpp"
#include "simulator/timeline.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <fstream>
#include <iostream>
#include <random>

namespace {

namespace asio = boost::asio;
namespace sim = aiflow::simulator;

/// Plays the scenario until it is told to stop, and tells what happens.
class stage {
public:
    stage(asio::io_context& io, const sim_flags& flags, sim::scenario plan, aiflow::secret token,
          std::ofstream record)
        : flags_(flags), plan_(std::move(plan)), record_(std::move(record)),
          server_(io, aiflow::real_clock(),
                  {flags.path, std::move(token), [this](std::string_view why) { refused(why); }}),
          signals_(io, SIGINT, SIGTERM), timeout_(io)
    {
    }

    boost::system::error_code open() { return server_.listen(flags_.listen); }

    void introduce() const;
    void start(asio::io_context& io);
    int exit_code() const noexcept { return failed_ ? exit_not_held : exit_held; }

private:
    void watch_signals(asio::io_context& io);
    asio::awaitable<void> play_until_stopped();
    asio::awaitable<void> play_once();
    void begin_timeout();
    void observe(const sim::happening& h);
    void refused(std::string_view why);
    void conclude();

    const sim_flags& flags_;
    sim::scenario plan_;
    std::ofstream record_;
    sim_server server_;
    asio::signal_set signals_;
    asio::steady_timer timeout_;
    std::random_device seeds_;
    std::optional<sim::flow_simulator> playing_;
    std::optional<sim::timeline> timeline_;
    aiflow::clock::time_point zero_;
    bool stopping_ = false;
    bool failed_ = false;
};

void stage::introduce() const
{
    if (flags_.print_port)
        std::cout << server_.port() << '\n';
    if (!flags_.quiet) {
        auto where = flags_.listen;
        where.port(server_.port());
        const std::string name = plan_.name.empty() ? flags_.scenario : plan_.name;
        const auto calls = plan_.call_count();
        std::cout << aiflow::printable(name) << ": " << calls << (calls == 1 ? " call" : " calls")
                  << " for a bot that connects to ws://" << where << flags_.path << '\n';
    }
    std::cout << std::flush;
}

void stage::start(asio::io_context& io)
{
    asio::co_spawn(io, server_.run(), asio::detached);
    watch_signals(io);
    asio::co_spawn(io, play_until_stopped(), asio::detached);
}

void stage::watch_signals(asio::io_context& io)
{
    signals_.async_wait([this, &io](boost::system::error_code cancelled, int) {
        if (cancelled)
            return;
        if (stopping_)
            return io.stop();  // asked twice: do not wait for the other side
        stopping_ = true;
        playing_->stop();
        watch_signals(io);
    });
}

void stage::begin_timeout()
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

void stage::observe(const sim::happening& h)
{
    if (std::holds_alternative<sim::connection_opened>(h.what) && h.connection == 1) {
        zero_ = h.at;
        timeline_.emplace(sim::timeline_options{flags_.color, flags_.show_content},
                          playing_->record(), zero_);
        if (!flags_.once)
            begin_timeout();
    }
    if (const auto* moved = std::get_if<sim::frame_moved>(&h.what)) {
        if (record_.is_open())
            record_ << sim::json_line(*moved->frame, zero_) << std::flush;
        return;
    }
    if (!flags_.quiet)
        std::cout << timeline_->lines(h) << std::flush;
}

void stage::refused(std::string_view why)
{
    if (!flags_.quiet)
        std::cout << timeline_->note(aiflow::real_clock().now(), why) << std::flush;
}

// A play that was stopped by hand has failed only for whoever asked for a check.
void stage::conclude()
{
    const sim::journal& seen = playing_->record();
    const bool held = seen.all_held();
    if (!held && (!stopping_ || flags_.check))
        failed_ = true;
    if (stopping_ && !flags_.check && seen.connections == 0)
        return;
    if (!flags_.quiet)
        std::cout << timeline_->summary() << std::flush;
    else if (failed_)
        std::cout << timeline_->failures() << std::flush;
}

asio::awaitable<void> stage::play_once()
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
    server_.play(*playing_);
    co_await playing_->run();
    timeout_.cancel();
    conclude();
}

asio::awaitable<void> stage::play_until_stopped()
{
    do
        co_await play_once();
    while (!stopping_ && !flags_.once);
    server_.stop();
    signals_.cancel();
}

std::optional<aiflow::secret> read_token(const std::string& file)
{
    if (file.empty())
        return aiflow::secret{};
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line))
        line.clear();
    if (line.ends_with('\r'))
        line.pop_back();
    if (line.empty())
        return std::nullopt;
    return aiflow::secret(line);
}

int run(const sim_flags& flags)
{
    auto plan = sim::read_scenario_file(flags.scenario);
    if (plan.has_error()) {
        for (const sim::scenario_problem& p : plan.error())
            std::cerr << to_string(p) << '\n';
        return exit_scenario;
    }
    if (flags.connections > 0)
        plan->wait_for_connections = flags.connections;
    auto token = read_token(flags.token_file);
    if (!token) {
        std::cerr << "aiflow-sim: --token-file: " << aiflow::printable(flags.token_file)
                  << " cannot be read or begins with an empty line; its first line has to be the "
                     "secret\n";
        return exit_usage;
    }
    std::ofstream record;
    if (!flags.record.empty()) {
        record.open(flags.record, std::ios::binary | std::ios::trunc);
        if (!record) {
            std::cerr << "aiflow-sim: --record: " << aiflow::printable(flags.record)
                      << " cannot be written; name a file in a folder that exists\n";
            return exit_no_output;
        }
    }
    asio::io_context io(1);
    stage theatre(io, flags, std::move(*plan), std::move(*token), std::move(record));
    if (const auto ec = theatre.open()) {
        std::cerr << "aiflow-sim: --listen: " << flags.listen << ": " << ec.message()
                  << "; choose another address, or port 0 for any that is free\n";
        return exit_no_address;
    }
    theatre.introduce();
    theatre.start(io);
    io.run();
    return theatre.exit_code();
}

}  // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    const parsed_flags parsed = parse_flags(argc, argv);
    return parsed.flags ? run(*parsed.flags) : parsed.exit_code;
}
