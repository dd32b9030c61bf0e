#pragma once

#include "aiflow/websocket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What aiflow-sim was told on its command line.
struct sim_flags {
    std::string scenario;
    boost::asio::ip::tcp::endpoint listen;
    std::string path = "/stream";
    bool dials = false;  ///< instead of listening
    std::string dial;    ///< the bot's URL
    std::string ca_file;
    std::vector<aiflow::http_header> headers;
    bool allow_plain_text = false;
    std::string token_file;
    std::string record;
    double speed = 1.0;
    std::optional<std::chrono::milliseconds> timeout;
    unsigned connections = 0;  ///< 0: as many as the scenario says
    bool per_call = false;     ///< a connection of its own for each call
    bool check = false;
    bool once = false;
    bool quiet = false;
    bool print_port = false;
    bool show_content = false;
    bool color = false;
};

/// Exit codes of aiflow-sim (the numbers of sysexits.h where there is one).
enum sim_exit : int {
    exit_held = 0,
    exit_not_held = 1,
    exit_usage = 64,
    exit_unavailable = 69,
    exit_no_output = 73,
    exit_scenario = 78
};

/// The flags, or the exit code when there is nothing to do any more: help or the version was
/// shown, or something was wrong and has been said on stderr.
struct parsed_flags {
    std::optional<sim_flags> flags;
    int exit_code = 0;
};

parsed_flags parse_flags(int argc, char** argv);
