#include "sim_flags.hpp"

#include "aiflow/log.hpp"
#include "simulator/duration_text.hpp"
#include "simulator/text_columns.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iostream>

namespace {

namespace asio = boost::asio;
using aiflow::printable;

constexpr std::size_t help_column = 34;

constexpr const char* description =
    "Plays sipgate AI Flow, so that a bot can be tried and tested without an account.\n"
    "\n"
    "aiflow-sim listens for WebSocket connections of a bot, sends it the events of the calls that\n"
    "SCENARIO.toml describes, and takes its actions: it speaks, fails SMS, cuts connections, and\n"
    "says at the end whether everything went as the scenario expects.\n";

constexpr const char* footer =
    "\nExamples:\n"
    "  aiflow-sim tools/scenarios/first-call.toml\n"
    "      Play the call to every bot that connects to ws://127.0.0.1:8080/stream, until Ctrl-C.\n"
    "  aiflow-sim first-call.toml --listen 127.0.0.1:0 --check --timeout 60s\n"
    "      For a test: any free port, one play, and the exit code tells how it went.\n"
    "  aiflow-sim many-calls.toml --speed 10 --record calls.jsonl --quiet\n"
    "      Ten times as fast; every message goes to a file, and nothing to the terminal.\n"
    "\nExit codes:\n"
    "  0   every expectation held\n"
    "  1   an expectation did not hold\n"
    "  64  the command line is wrong\n"
    "  69  the address to listen on is not available\n"
    "  73  the file to record to cannot be written\n"
    "  78  the scenario is wrong; every problem is named with its line\n"
    "\nThe scenario format is described in docs/simulator.md.\n";

std::string in_quotes(const std::string& text)
{
    return "\"" + printable(text, 80) + "\"";
}

// What a flag's value is wrong with, or nothing.
using complaint = std::optional<std::string>;

complaint read_listen(std::string text, asio::ip::tcp::endpoint& listen)
{
    complaint wrong = in_quotes(text) + " is no address to listen on; write an IP address and a "
                                        "port, such as 127.0.0.1:8080 or [::1]:0 (0: any free "
                                        "port)";
    const auto colon = text.rfind(':');
    if (colon == std::string::npos)
        return wrong;
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    if (host == "localhost")
        host = "127.0.0.1";
    const char* const end = text.data() + text.size();
    std::uint16_t port = 0;
    const auto [stopped, failed] = std::from_chars(text.data() + colon + 1, end, port);
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (ec || failed != std::errc{} || stopped != end)
        return wrong;
    listen = {address, port};
    return {};
}

complaint read_timeout(const std::string& text, std::optional<std::chrono::milliseconds>& timeout)
{
    if (text.empty())
        return {};
    timeout = aiflow::simulator::parse_duration(text);
    if (timeout && timeout->count() > 0)
        return {};
    return in_quotes(text) + " is no time limit; write a number and a unit, such as 60s or 2m";
}

complaint read_color(const std::string& text, bool& color)
{
    if (text == "always" || text == "never") {
        color = text == "always";
        return {};
    }
    if (text != "auto")
        return in_quotes(text) + " is not known; it has to be auto, always or never";
    const char* const wish = std::getenv("NO_COLOR");  // https://no-color.org
    color = ::isatty(STDOUT_FILENO) == 1 && (wish == nullptr || *wish == '\0');
    return {};
}

// CLI11 indents lines, but breaks none.
std::string help(std::string_view text)
{
    std::string lines;
    for (const std::string& line : aiflow::simulator::wrapped(text, 100 - help_column))
        lines += (lines.empty() ? "" : "\n") + line;
    return lines;
}

int complain(const std::string& what)
{
    std::cerr << "aiflow-sim: " << what << "\nSee aiflow-sim --help.\n";
    return exit_usage;
}

}  // namespace

parsed_flags parse_flags(int argc, char** argv)
{
    sim_flags f;
    std::string listen = "127.0.0.1:8080";
    std::string timeout;
    std::string color = "auto";

    CLI::App app(description, "aiflow-sim");
    app.footer(footer);
    app.get_formatter()->column_width(help_column);
    app.add_option("SCENARIO", f.scenario, help("The calls to play, a TOML file"))
        ->required()
        ->option_text("SCENARIO.toml");
    app.add_option("--listen", listen, help("Where to listen; port 0 takes any free port"))
        ->option_text("ADDRESS:PORT [127.0.0.1:8080]");
    app.add_option("--path", f.path, help("The path of the stream; others are answered with 404"))
        ->option_text("PATH [/stream]");
    app.add_option(
           "--token-file", f.token_file,
           help("A file whose first line is the secret that bots have to send as X-API-TOKEN; "
                "others are answered with 401"))
        ->option_text("FILE");
    app.add_option("--connections", f.connections,
                   help("Begin the calls when N connections are there, whatever the scenario says"))
        ->option_text("N");
    app.add_flag("--once", f.once,
                 help("End after one play; otherwise the next bot gets the next one"));
    app.add_flag(
        "--check", f.check,
        help("For tests: as --once, and a play that is stopped before its end has failed"));
    app.add_option("--timeout", timeout,
                   help("Stop a play that takes longer, from its first connection "
                        "or, with --once or --check, from the start"))
        ->option_text("TIME");
    app.add_option(
           "--speed", f.speed,
           help("Divide waits, speech and the delays of SMS failures by N; not the time that a "
                "bot is given"))
        ->option_text("N [1]");
    app.add_option("--record", f.record,
                   help("Write every message to FILE, one JSON object a line; "
                        "numbers and texts are not masked there"))
        ->option_text("FILE");
    app.add_flag("--show-content", f.show_content, help("Show whole numbers and the texts of SMS"));
    app.add_flag("--quiet", f.quiet, help("Print nothing but the expectations that failed"));
    app.add_flag("--print-port", f.print_port, help("Print the port, alone, in the first line"));
    app.add_option("--color", color, help("auto, always or never"))->option_text("WHEN [auto]");

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
        return {{}, 0};
    } catch (const CLI::ParseError& e) {
        return {{}, complain(printable(e.what(), 200))};
    }
    if (const auto wrong = read_listen(listen, f.listen))
        return {{}, complain("--listen: " + *wrong)};
    if (const auto wrong = read_timeout(timeout, f.timeout))
        return {{}, complain("--timeout: " + *wrong)};
    if (const auto wrong = read_color(color, f.color))
        return {{}, complain("--color: " + *wrong)};
    if (!f.path.starts_with('/') || f.path.find_first_of("?# ") != std::string::npos)
        return {{},
                complain("--path: " + in_quotes(f.path) +
                         " is no path; it begins with / and has no query, such as /stream")};
    if (!(f.speed >= 0.01 && f.speed <= 10'000.0))
        return {{},
                complain("--speed: has to be from 0.01 to 10000; 1 is the speed of a real call")};
    if (app.count("--connections") > 0 && (f.connections < 1 || f.connections > 1000))
        return {{}, complain("--connections: has to be from 1 to 1000")};
    if (f.token_file.empty() && !f.listen.address().is_loopback())
        return {{},
                complain("--listen: " + f.listen.address().to_string() +
                         " can be reached by others, so a secret is needed; give it with "
                         "--token-file, or listen on 127.0.0.1")};
    f.once = f.once || f.check;
    return {std::move(f), 0};
}
