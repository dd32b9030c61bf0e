#include "sim_flags.hpp"

#include "sim_flag_values.hpp"
#include "text/text_columns.hpp"
#include "usage_error.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <iostream>

namespace {

constexpr std::size_t help_column = 34;

constexpr const char* description =
    "Plays sipgate AI Flow, so that a bot can be tried and tested without an account.\n"
    "\n"
    "aiflow-sim listens for WebSocket connections of a bot, or dials the bot with --dial, sends "
    "it\n"
    "the events of the calls that SCENARIO.toml describes, and takes its actions: it speaks, "
    "fails\n"
    "SMS, cuts connections, and says at the end whether everything went as the scenario expects.\n";

constexpr const char* footer =
    "\nExamples:\n"
    "  aiflow-sim tools/scenarios/first-call.toml\n"
    "      Play the call to every bot that connects to ws://127.0.0.1:8080/stream, until Ctrl-C.\n"
    "  aiflow-sim first-call.toml --listen 127.0.0.1:0 --check --timeout 60s\n"
    "      For a test: any free port, one play, and the exit code tells how it went.\n"
    "  aiflow-sim many-calls.toml --record calls.jsonl --quiet\n"
    "      Every message goes to a file, and nothing to the terminal.\n"
    "  aiflow-sim first-call.toml --dial ws://127.0.0.1:9000/ws --token-file secret --once\n"
    "      Call a bot that is a WebSocket server, which is what AI Flow does; start the two in "
    "any\n"
    "      order, within 5 s.\n"
    "\nExit codes:\n"
    "  0   every expectation held\n"
    "  1   an expectation did not hold\n"
    "  64  the command line is wrong\n"
    "  69  the address to listen on is not available; or, with --once or --check, the bot to dial\n"
    "      refuses the connection or cannot be reached within 5 s\n"
    "  73  the file to record to cannot be written\n"
    "  78  the scenario is wrong; every problem is named with its line\n"
    "\nThe scenario format is described in docs/simulator.md.\n";

// CLI11 indents lines, but breaks none.
std::string help(std::string_view text)
{
    std::string lines;
    for (const std::string& line : aiflow::wrapped(text, 100 - help_column))
        lines += (lines.empty() ? "" : "\n") + line;
    return lines;
}

int complain(const std::string& what)
{
    std::cerr << "aiflow-sim: " << what << '\n';
    return exit_usage;
}

// What has to be looked at again once the command line is read.
struct raw_values {
    std::string listen = "127.0.0.1:8080";
    std::string timeout;
    std::string color = "auto";
    std::vector<std::string> headers;
};

void add_connection_flags(CLI::App& app, sim_flags& f, raw_values& raw)
{
    app.add_option("--listen", raw.listen, help("Where to listen; port 0 takes any free port"))
        ->option_text("ADDRESS:PORT [127.0.0.1:8080]");
    app.add_option("--path", f.path, help("The path of the stream; others are answered with 404"))
        ->option_text("PATH [/stream]");
    app.add_flag("--print-port", f.print_port, help("Print the port, alone, in the first line"));
    app.add_option("--dial", f.dial,
                   help("Dial the bot there instead of listening for it: ws://HOST:PORT/PATH or "
                        "wss://..."))
        ->option_text("URL");
    app.add_option(
           "--ca-file", f.ca_file,
           help("With --dial wss://...: trust the certificates in FILE (PEM) instead of the "
                "system's"))
        ->option_text("FILE");
    app.add_option("--header", raw.headers,
                   help("With --dial: send this request header too; may be given several times"))
        ->option_text("'NAME: VALUE'")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_flag("--allow-plain-text", f.allow_plain_text,
                 help("With --dial: permit ws:// to another machine, where everybody on the way "
                      "can read calls and token"));
    app.add_option(
           "--token-file", f.token_file,
           help("A file whose first line is the secret that bots have to send as X-API-TOKEN; "
                "others are answered with 401. With --dial it is sent to the bot"))
        ->option_text("FILE");
    app.add_option("--connections", f.connections,
                   help("Begin the calls when N connections are there, whatever the scenario says"))
        ->option_text("N");
    app.add_flag("--per-call", f.per_call,
                 help("Give each call a connection of its own, whatever the scenario says"));
}

void add_play_flags(CLI::App& app, sim_flags& f, raw_values& raw)
{
    app.add_flag("--once", f.once,
                 help("End after one play; otherwise the next bot gets the next one, and with "
                      "--dial the bot is called again after 2 s"));
    app.add_flag(
        "--check", f.check,
        help("For tests: as --once, and a play that is stopped before its end has failed"));
    app.add_option("--timeout", raw.timeout,
                   help("Stop a play that takes longer, from its first connection "
                        "or, with --once or --check, from the start"))
        ->option_text("TIME");
    app.add_option(
           "--speed", f.speed,
           help("Divide waits, speech and the delays of SMS failures by N; not the time that a "
                "bot is given"))
        ->option_text("N [1]");
}

void add_output_flags(CLI::App& app, sim_flags& f, raw_values& raw)
{
    app.add_option("--record", f.record,
                   help("Write every message to FILE, one JSON object a line; "
                        "numbers and texts are not masked there"))
        ->option_text("FILE");
    app.add_flag("--show-content", f.show_content, help("Show whole numbers and the texts of SMS"));
    app.add_flag("--quiet", f.quiet, help("Print nothing but the expectations that failed"));
    app.add_option("--color", raw.color, help("auto, always or never"))->option_text("WHEN [auto]");
}

// Which flags do not go together.
complaint check_combination(const CLI::App& app, const sim_flags& f)
{
    const bool dials = app.count("--dial") > 0;
    if (dials) {
        for (const char* flag : {"--listen", "--path", "--print-port"}) {
            if (app.count(flag) > 0)
                return std::string(flag) +
                       ": is for listening, and --dial is given too; choose one of the two";
        }
        return {};
    }
    for (const char* flag : {"--ca-file", "--header", "--allow-plain-text"}) {
        if (app.count(flag) > 0)
            return std::string(flag) + ": is for dialling only; give the bot's URL with --dial";
    }
    if (f.token_file.empty() && !f.listen.address().is_loopback())
        return "--listen: " + f.listen.address().to_string() +
               " can be reached by others, so a secret is needed; give it with --token-file, or "
               "listen on 127.0.0.1";
    return {};
}

complaint read_values(const CLI::App& app, const raw_values& raw, sim_flags& f)
{
    if (const auto wrong = read_listen(raw.listen, f.listen))
        return "--listen: " + *wrong;
    if (const auto wrong = read_path(f.path))
        return "--path: " + *wrong;
    if (const auto wrong = read_headers(raw.headers, f.headers))
        return "--header: " + *wrong;
    if (const auto wrong = read_timeout(raw.timeout, f.timeout))
        return "--timeout: " + *wrong;
    if (const auto wrong = read_color(raw.color, f.color))
        return "--color: " + *wrong;
    if (!(f.speed >= 0.01 && f.speed <= 10'000.0))
        return "--speed: has to be from 0.01 to 10000; 1 is the speed of a real call";
    if (app.count("--connections") > 0 && (f.connections < 1 || f.connections > 1000))
        return "--connections: has to be from 1 to 1000";
    return check_combination(app, f);
}

}  // namespace

parsed_flags parse_flags(int argc, char** argv)
{
    sim_flags f;
    raw_values raw;
    CLI::App app(description, "aiflow-sim");
    app.footer(footer);
    app.get_formatter()->column_width(help_column);
    app.add_option("SCENARIO", f.scenario, help("The calls to play, a TOML file"))
        ->required()
        ->option_text("SCENARIO.toml");
    add_connection_flags(app, f, raw);
    add_play_flags(app, f, raw);
    add_output_flags(app, f, raw);
    app.set_version_flag("--version", "aiflow-sim " AIFLOW_VERSION, "Print the version, and end");
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
        return {{}, 0};
    } catch (const CLI::CallForVersion& e) {
        std::cout << e.what() << '\n';
        return {{}, 0};
    } catch (const CLI::ParseError& e) {
        return {{}, complain(usage_error(app, e))};
    }
    if (const auto wrong = read_values(app, raw, f))
        return {{}, complain(*wrong + "\nSee aiflow-sim --help.")};
    f.dials = app.count("--dial") > 0;
    f.once = f.once || f.check;
    return {std::move(f), 0};
}
