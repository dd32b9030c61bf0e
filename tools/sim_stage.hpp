#pragma once

#include "connection_source.hpp"
#include "sim_flags.hpp"
#include "simulator/timeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fstream>
#include <memory>
#include <optional>
#include <random>

/// Plays the scenario until it is told to stop, and tells what happens.
///
/// Thread safety: none; one thread.
/// Lifetime: flags and source must outlive it; has to outlive its coroutines.
class sim_stage {
public:
    sim_stage(boost::asio::io_context& io, const sim_flags& flags, aiflow::simulator::scenario plan,
              connection_source& source, std::ofstream record);

    void start();

    /// To be asked at the end.
    int exit_code() const noexcept;

private:
    void introduce() const;
    void watch_signals();
    boost::asio::awaitable<void> play_until_stopped();
    boost::asio::awaitable<void> play_once();
    void begin_timeout();
    void observe(const aiflow::simulator::happening& h);
    void note(std::string_view what);
    void give_up(std::string_view why);
    void record(const std::string& line);
    void conclude();

    boost::asio::io_context& io_;
    const sim_flags& flags_;
    aiflow::simulator::scenario plan_;
    connection_source& source_;
    std::ofstream record_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timeout_;
    std::random_device seeds_;
    std::optional<aiflow::simulator::flow_simulator> playing_;
    std::optional<aiflow::simulator::timeline> timeline_;
    aiflow::clock::time_point zero_;
    bool stopping_ = false;
    bool failed_ = false;
    bool record_failed_ = false;
    bool gave_up_ = false;
};
