// aiflow-sim: plays AI Flow to bots that connect, or that it dials. See docs/simulator.md.
#include "aiflow/log.hpp"
#include "sim_dialer.hpp"
#include "sim_flags.hpp"
#include "sim_server.hpp"
#include "sim_stage.hpp"
#include "simulator/scenario_reader.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/replace.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>

namespace {

namespace asio = boost::asio;
namespace sim = aiflow::simulator;

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

// A call that waits for a connection of its own gets it only from whoever dials for all of them.
void adapt(sim::scenario& plan, const sim_flags& flags)
{
    if (flags.per_call)
        plan.calls_on = sim::placement::own;
    if (flags.connections > 0)
        plan.wait_for_connections = flags.connections;
    if (flags.dials && plan.calls_on == sim::placement::own)
        plan.wait_for_connections =
            std::max(plan.wait_for_connections, static_cast<unsigned>(plan.call_count()));
}

// The library's words, in those of the command line.
std::string in_terms_of_flags(const aiflow::problem& wrong)
{
    const bool token = wrong.field == "token";
    const bool header = wrong.field.starts_with("headers");
    const bool ca = wrong.field == "ca_file";
    std::string text = token    ? "--token-file: the secret "
                       : header ? "--header: "
                       : ca     ? "--ca-file: "
                                : "--dial: ";
    text += boost::algorithm::replace_all_copy(wrong.text, "set allow_plain_text",
                                               "give --allow-plain-text");
    return text;
}

// Nothing when something is wrong, which has been said then.
std::unique_ptr<connection_source> open_dialer(asio::io_context& io, const sim_flags& flags,
                                               aiflow::secret token)
{
    sim_dialer::options options;
    options.may_give_up = flags.once;
    options.peer.url = flags.dial;
    options.peer.token = std::move(token);
    options.peer.headers = flags.headers;
    options.peer.ca_file = flags.ca_file;
    options.peer.allow_plain_text = flags.allow_plain_text;
    std::string wrong;
    if (const auto found = validate(options.peer))
        wrong = in_terms_of_flags(*found);
    else if (!flags.ca_file.empty() && boost::algorithm::istarts_with(flags.dial, "ws:"))
        wrong = "--ca-file: there are no certificates on ws://; dial wss://, or leave it out";
    if (wrong.empty())
        return std::make_unique<sim_dialer>(io, aiflow::real_clock(), std::move(options));
    std::cerr << "aiflow-sim: " << wrong << "\nSee aiflow-sim --help.\n";
    return nullptr;
}

std::unique_ptr<sim_server> open_server(asio::io_context& io, const sim_flags& flags,
                                        aiflow::secret token)
{
    sim_server::options options{flags.path, std::move(token)};
    auto server = std::make_unique<sim_server>(io, aiflow::real_clock(), std::move(options));
    if (const auto ec = server->listen(flags.listen)) {
        std::cerr << "aiflow-sim: --listen: " << flags.listen << ": " << ec.message()
                  << "; choose another address, or port 0 for any that is free\n";
        return nullptr;
    }
    return server;
}

int run(const sim_flags& flags)
{
    auto plan = sim::read_scenario_file(flags.scenario);
    if (plan.has_error()) {
        for (const aiflow::file_problem& p : plan.error())
            std::cerr << to_string(p) << '\n';
        return exit_scenario;
    }
    adapt(*plan, flags);
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
    std::unique_ptr<connection_source> source;
    std::optional<std::uint16_t> port;
    if (flags.dials) {
        source = open_dialer(io, flags, std::move(*token));
    } else if (auto server = open_server(io, flags, std::move(*token))) {
        port = server->port();
        source = std::move(server);
    }
    if (!source)
        return flags.dials ? exit_usage : exit_unavailable;
    sim_stage stage(io, flags, std::move(*plan), *source, std::move(record));
    // Not earlier: whoever reads the port may send a signal at once.
    if (flags.print_port && port)
        std::cout << *port << '\n' << std::flush;
    stage.start();
    io.run();
    return stage.exit_code();
}

}  // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    const parsed_flags parsed = parse_flags(argc, argv);
    return parsed.flags ? run(*parsed.flags) : parsed.exit_code;
}
