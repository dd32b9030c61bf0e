#include "ctl_flags.hpp"

#include "ctl_flag_values.hpp"
#include "daemon/tail_types.hpp"
#include "usage_error.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string_view>

namespace {

constexpr std::size_t help_column = 34;
constexpr std::size_t max_sms_limit = 1000;
constexpr std::array<std::string_view, 4> log_levels{"debug", "info", "warning", "error"};
constexpr const char* default_socket = "/run/aiflowd/control.sock";

constexpr const char* description =
    "Asks a running aiflowd, or tells it what to do.\n"
    "\n"
    "Numbers are masked, and texts left out, unless that is asked for.\n";

constexpr const char* footer =
    "\nExamples:\n"
    "  aiflowctl status\n"
    "  aiflowctl sms list --state failed\n"
    "  aiflowctl sms send 1a2b3c4d +4915112345678 'Your code is 4242.'\n"
    "  aiflowctl send '{\"type\":\"hangup\",\"session_id\":\"1a2b3c4d\"}'\n"
    "  aiflowctl tail --type user_speak --content\n"
    "\nSessions may be given by their first characters, at least four.\n"
    "\nExit codes:\n"
    "  0   done\n"
    "  1   the daemon refused; the message says why\n"
    "  64  the command line is wrong\n"
    "  69  no daemon answers at the socket\n"
    "  77  not permitted\n"
    "\nThe manual is aiflowctl(1).\n";

void add_masking(CLI::App* app, ctl_flags& f)
{
    app->add_flag("--unmasked", f.unmasked, "Show whole numbers");
}

void choose(CLI::App* app, ctl_flags& f, ctl_command command)
{
    app->callback([&f, command] { f.command = command; });
}

void add_sms(CLI::App& app, ctl_flags& f)
{
    auto* sms = app.add_subcommand("sms", "List, show, send and cancel SMS");
    sms->require_subcommand(1);
    sms->fallthrough();

    auto* list = sms->add_subcommand("list", "The newest SMS");
    allow_sms_states(
        list->add_option("--state", f.state, "Only those in this state: failed, waiting_retry, ...")
            ->option_text("STATE"));
    allow_count(
        list->add_option("--limit", f.limit, "At most so many, up to 1000")->option_text("N [50]"),
        max_sms_limit);
    add_masking(list, f);
    choose(list, f, ctl_command::sms_list);

    auto* show = sms->add_subcommand("show", "One SMS, with its attempts");
    show->add_option("ID", f.id, "Which one; see sms list")->required()->option_text(" ");
    add_masking(show, f);
    choose(show, f, ctl_command::sms_show);

    auto* send = sms->add_subcommand("send", "Send an SMS in a call that is open");
    send->add_option("SESSION", f.session, "The call; see calls")->required()->option_text(" ");
    send->add_option("TO", f.to, "The number, as in +4915112345678")->required()->option_text(" ");
    send->add_option("TEXT", f.text, "The text; - reads it from stdin")
        ->required()
        ->option_text(" ");
    send->add_option("--ref", f.ref, "A key of your own: the same key again is the same SMS")
        ->option_text("REF");
    choose(send, f, ctl_command::sms_send);

    auto* cancel = sms->add_subcommand("cancel", "Take an SMS back that has not gone out yet");
    cancel->add_option("ID", f.id, "Which one; see sms list")->required()->option_text(" ");
    choose(cancel, f, ctl_command::sms_cancel);
    for (CLI::App* each : {list, show, send, cancel})
        each->fallthrough();
}

void add_calls(CLI::App& app, ctl_flags& f)
{
    auto* calls = app.add_subcommand("calls", "The calls that are open");
    add_masking(calls, f);
    choose(calls, f, ctl_command::calls);

    auto* send = app.add_subcommand("send", "Send an action, or an array of them, to open calls");
    send->add_option("JSON", f.text, "As on the wire, with session_id; - reads it from stdin")
        ->required()
        ->option_text(" ");
    choose(send, f, ctl_command::send);

    auto* tail = app.add_subcommand("tail", "Show what happens in the calls, until Ctrl-C");
    tail->add_option("--session", f.session, "Only of this call")->option_text("SESSION");
    allow_words(
        tail->add_option("--type", f.types,
                         "Only events and actions of this type, or opened, closed, outcome;\n"
                         "may be repeated")
            ->option_text("TYPE")
            ->expected(1)
            ->delimiter(',')
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll),
        aiflow::tail_types);
    tail->add_flag("--content", f.content, "Show what is said, and the texts of SMS");
    add_masking(tail, f);
    choose(tail, f, ctl_command::tail);
}

void add_daemon(CLI::App& app, ctl_flags& f)
{
    auto* log = app.add_subcommand("log", "The log of the daemon");
    log->require_subcommand(1);
    log->fallthrough();
    auto* level = log->add_subcommand("level", "Show the level of the log, or set it");
    level->fallthrough();
    allow_words(
        level->add_option("LEVEL", f.level, "debug, info, warning or error; until the next start")
            ->option_text(" "),
        log_levels);
    choose(level, f, ctl_command::log_level);

    choose(app.add_subcommand("drain", "Take no further calls, and end when the open ones have"), f,
           ctl_command::drain);
    choose(app.add_subcommand("reload", "Read the configuration again, as SIGHUP does"), f,
           ctl_command::reload);
}

std::string socket_of_environment()
{
    const char* path = std::getenv("AIFLOWD_SOCKET");
    return path != nullptr && *path != '\0' ? path : default_socket;
}

}  // namespace

parsed_ctl_flags parse_ctl_flags(int argc, char** argv)
{
    ctl_flags f;
    f.socket = socket_of_environment();
    CLI::App app(description, "aiflowctl");
    app.get_formatter()->column_width(help_column);
    app.set_version_flag("--version", "aiflowctl " AIFLOW_VERSION, "Print the version, and end");
    app.add_option("--socket", f.socket, "The control socket; else $AIFLOWD_SOCKET")
        ->option_text(std::string("PATH [") + default_socket + "]");
    app.add_flag("--json", f.json, "Print what the daemon answers, for scripts");
    app.require_subcommand(1);
    choose(app.add_subcommand("status", "Where everything stands"), f, ctl_command::status);
    add_calls(app, f);
    add_sms(app, f);
    add_daemon(app, f);
    app.footer(footer);  // now, so that the commands do not repeat it
    for (CLI::App* each : app.get_subcommands({}))
        each->fallthrough();
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
        return {{}, exit_done};
    } catch (const CLI::CallForVersion& version) {
        std::cout << version.what() << '\n';
        return {{}, exit_done};
    } catch (const CLI::ParseError& e) {
        std::cerr << "aiflowctl: " << usage_error(app, e) << '\n';
        return {{}, exit_usage};
    }
    return {std::move(f), exit_done};
}
