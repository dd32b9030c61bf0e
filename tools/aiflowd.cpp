// aiflowd: takes the calls of AI Flow. See docs/operations.md.
#include "daemon/config_options.hpp"
#include "daemon/config_reader.hpp"
#include "daemon/config_text.hpp"
#include "daemon/daemon.hpp"
#include "daemon/log_output.hpp"
#include "daemon/make_bot.hpp"
#include "daemon/peer_access.hpp"
#include "daemon/process_hardening.hpp"
#include "daemon/rule_reader.hpp"
#include "usage_error.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <filesystem>
#include <iostream>
#include <string>

namespace {

using namespace aiflow;

constexpr const char* description =
    "Takes the calls of sipgate AI Flow and answers them: by rules in a file, by a program behind\n"
    "a pipe, or by a web app. Looks after the SMS that they send, also over a crash.\n";

constexpr const char* footer =
    "\nSignals:\n"
    "  SIGTERM, SIGINT  let the calls end, within shutdown.drain; a second one ends at once\n"
    "  SIGHUP           read the configuration again; a wrong one changes nothing\n"
    "\nExit codes:\n"
    "  0   ended in order\n"
    "  64  the command line is wrong\n"
    "  69  an address, or the control socket, cannot be had\n"
    "  74  the outbox cannot be read or written\n"
    "  75  another process has the outbox\n"
    "  78  the configuration is wrong; every problem is named with its line\n"
    "\nSee aiflowd(8), aiflowd.toml(5), and aiflowctl(1) for the control program.\n";

struct flags {
    std::string config = "/etc/aiflowd/aiflowd.toml";
    bool check = false;
    bool sample = false;
};

int code(exit_code c)
{
    return static_cast<int>(c);
}

// Nothing, or the exit code with which to end now.
std::optional<int> parse(int argc, char** argv, flags& f)
{
    CLI::App app(description, "aiflowd");
    app.footer(footer);
    app.add_option("--config", f.config, "The configuration file")
        ->option_text("FILE [/etc/aiflowd/aiflowd.toml]");
    app.add_flag("--check", f.check, "Check the configuration, print what is in force, and end");
    app.add_flag("--print-sample", f.sample, "Print a configuration file with every key, and end");
    app.set_version_flag("--version", "aiflowd " AIFLOW_VERSION, "Print the version, and end");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
        return 0;
    } catch (const CLI::CallForVersion& e) {
        std::cout << e.what() << '\n';
        return 0;
    } catch (const CLI::ParseError& e) {
        std::cerr << "aiflowd: " << usage_error(app, e) << '\n';
        return code(exit_code::usage);
    }
    return std::nullopt;
}

// What is wrong with the rules. The bot would say the first few in one line.
file_problems check_rules(const daemon_config& config)
{
    if (config.handler.type != handler_type::rules)
        return {};
    const auto rules = load_rules(config.rules.file);
    return rules.has_error() ? rules.error() : file_problems();
}

// What is wrong with what else the configuration names, or nothing.
std::optional<problem> check_files(const daemon_config& config,
                                   const daemon_environment& environment)
{
    if (const auto users = resolve_users(config.control.users); !users)
        return users.error();
    asio::io_context io(1);
    bot_environment env;
    if (const auto bot = make_bot(io.get_executor(), env, config, environment); !bot)
        return bot.error();
    if (config.mode != service_mode::connect) {
        if (const auto options = listener_options_of(config, environment); !options)
            return options.error();
    }
    if (config.mode != service_mode::listen) {
        if (const auto options = client_options_of(config, environment); !options)
            return options.error();
    }
    return std::nullopt;
}

int check(const daemon_config& config, const std::string& file, daemon_environment environment)
{
    // Whoever checks is not the service, to which systemd hands the credentials; the unit of the
    // package takes them from there.
    if (environment.credentials_directory.empty())
        environment.credentials_directory =
            (std::filesystem::path(file).parent_path() / "credentials").string();
    const auto wrong_rules = check_rules(config);
    for (const file_problem& p : wrong_rules)
        std::cerr << to_string(p) << '\n';
    if (!wrong_rules.empty())
        return code(exit_code::config);
    if (const auto wrong = check_files(config, environment)) {
        std::cerr << to_string(*wrong) << '\n';
        return code(exit_code::config);
    }
    std::cout << effective_config(config);
    return code(exit_code::drained);
}

}  // namespace

int main(int argc, char** argv)
{
    flags f;
    if (const auto end = parse(argc, argv, f))
        return *end;
    if (f.sample) {
        std::cout << sample_config();
        return code(exit_code::drained);
    }
    const auto unsafe = harden_process();
    raise_descriptor_limit();
    auto service = take_service_environment();
    auto environment = environment_of_process();
    auto config = read_config_file(f.config);
    if (!config) {
        for (const file_problem& p : config.error())
            std::cerr << to_string(p) << '\n';
        return code(exit_code::config);
    }
    if (f.check)
        return check(*config, f.config, std::move(environment));

    log_output_options log_options;
    log_options.format = config->log.format;
    log_options.journal_stream = service.journal_stream;
    log_output output(std::move(log_options));
    const logger log = output.make_logger(config->log.level);
    if (unsafe)
        log.write(log_level::warning, "daemon.core_dumps", to_string(*unsafe));
    service_manager manager(service.notify_socket, log);
    asio::io_context io(1);
    aiflow::daemon d(io, {f.config, std::move(*config), std::move(environment), std::move(service),
                          log, &manager});
    return code(d.run());
}
