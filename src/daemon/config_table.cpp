// The table of all keys. What the columns are is in config_keys.hpp.

#include "daemon/config_keys.hpp"

#include <array>

namespace aiflow {

namespace {

using all = daemon_config;
using enum key_kind;
using enum key_change;

config_slot mode_slot(daemon_config& c)
{
    return &c.mode;
}

template <auto Section, auto Member>
config_slot at(daemon_config& c)
{
    return &(c.*Section.*Member);
}

// Durations are in milliseconds.
constexpr std::int64_t s = 1'000;
constexpr std::int64_t m = 60 * s;
constexpr std::int64_t h = 60 * m;
constexpr std::int64_t kilobyte = 1024;
constexpr std::int64_t gigabyte = kilobyte * kilobyte * kilobyte;
constexpr std::int64_t million = 1'000'000;

constexpr std::array<config_section, 14> sections{{
    {"listen", "How AI Flow connects to this daemon, with `mode` \"listen\" or \"both\"."},
    {"connect", "How this daemon connects to AI Flow, with `mode` \"connect\" or \"both\"."},
    {"connection", "How each connection is watched and bounded, whoever opened it."},
    {"session", "How each call is treated."},
    {"handler", "Who answers the calls."},
    {"rules", "For `handler.type = \"rules\"`: a file says what is done on which event."},
    {"pipe", "For `handler.type = \"pipe\"`: a child process reads events as JSON lines from its "
             "standard input and writes actions to its standard output."},
    {"webhook", "For `handler.type = \"webhook\"`: each event is posted to a web app, whose answer "
                "holds the actions."},
    {"sms", "When SMS are sent again, and how many are let through."},
    {"outbox", "The SMS that were accepted, on disk, so that they outlast this process."},
    {"control", "The socket for aiflowctl and for curl."},
    {"metrics", "A port for Prometheus and for checks of health."},
    {"log", "What is logged, and how."},
    {"shutdown", "How the daemon ends."},
}};

using listen = all::listen_section;
using connect = all::connect_section;
using connection = all::connection_section;
using session_keys = all::session_section;
using handler_keys = all::handler_section;
using rules = all::rules_section;
using pipe = all::pipe_section;
using webhook = all::webhook_section;
using sms = all::sms_section;
using outbox_keys = all::outbox_section;
using control = all::control_section;
using metrics = all::metrics_section;
using log_keys = all::log_section;
using shutdown = all::shutdown_section;

// Laid out as a table: a formatter would need twice the lines.
// clang-format off
constexpr config_key keys[] = {
    {"mode", choice, mode_slot, {}, at_restart,
     "Which side opens the connection: AI Flow (\"listen\"), this daemon (\"connect\"), or both."},

    {"listen.address", text, at<&all::listen, &listen::address>, {}, at_restart,
     "The IP address to listen on. One that others can reach needs a token."},
    {"listen.port", number, at<&all::listen, &listen::port>, {0, 65'535}, at_restart,
     "The TCP port; 0 takes any free one."},
    {"listen.path", text, at<&all::listen, &listen::path>, {}, at_restart,
     "The path of the WebSocket."},
    {"listen.http_path", text, at<&all::listen, &listen::http_path>, {}, at_restart,
     "The path where single events may be posted by HTTP; nowhere when empty. It may be the same "
     "as `path`.", "\"/events\""},
    {"listen.token_files", token_files, at<&all::listen, &listen::token_files>, {0, 2}, at_reload,
     "Files with the tokens that let AI Flow in; two, while one replaces the other. Each holds "
     "one line, or is `credential:NAME` for a credential of systemd. Their contents are read "
     "again at a reload.", "[\"credential:api-token\"]"},
    {"listen.origins", texts, at<&all::listen, &listen::origins>, {0, 100}, at_restart,
     "Values of the header `Origin` that are let in. AI Flow is not known to send one; a browser does.",
     "[\"https://app.example.com\"]"},
    {"listen.certificate_file", path, at<&all::listen, &listen::certificate_file>, {}, at_restart,
     "The certificate and its chain as PEM, the server's own first; plain text when empty. Its "
     "contents are read again at a reload.", "\"server.pem\""},
    {"listen.key_file", path, at<&all::listen, &listen::key_file>, {}, at_restart,
     "The key of the certificate as PEM, without a password. Its contents are read again at a "
     "reload.", "\"server.key\""},
    {"listen.max_connections", number, at<&all::listen, &listen::max_connections>,
     {1, million, "connections"}, at_restart,
     "Further connections are refused with 503."},
    {"listen.max_strangers", number, at<&all::listen, &listen::max_strangers>,
     {1, 100'000, "connections"}, at_restart,
     "How many connections without a token yet may be open; then the oldest has to go."},
    {"listen.answer_within", duration, at<&all::listen, &listen::answer_within>, {1, m}, at_restart,
     "How long the answer to an event by HTTP waits for actions."},

    {"connect.url", url, at<&all::connect, &connect::url>, {}, at_restart,
     "Where AI Flow is. `ws://` is for this machine only.", "\"wss://flow.example.com/stream\"",
     "with `mode` \"connect\" or \"both\""},
    {"connect.token_file", token_file, at<&all::connect, &connect::token_file>, {}, at_restart,
     "A file with the token that AI Flow asks for, in one line, or `credential:NAME` for a "
     "credential of systemd.", "\"credential:api-token\""},
    {"connect.ca_file", path, at<&all::connect, &connect::ca_file>, {}, at_restart,
     "Certificates as PEM that are trusted instead of the system's.", "\"ca.pem\""},
    {"connect.allow_plain_text", boolean, at<&all::connect, &connect::allow_plain_text>,
     {}, at_restart,
     "Permits `ws://` to another machine: everybody on the way can read calls and token."},
    {"connect.backoff_initial", duration, at<&all::connect, &connect::backoff_initial>,
     {10, h}, at_restart,
     "The first attempt after a failure comes within this; each further one waits longer."},
    {"connect.backoff_max", duration, at<&all::connect, &connect::backoff_max>,
     {10, 24 * h}, at_restart,
     "The longest wait between two attempts."},

    {"connection.ping_interval", duration, at<&all::connection, &connection::ping_interval>,
     {100, h}, at_restart,
     "A ping is sent when nothing was received for this long."},
    {"connection.pong_timeout", duration, at<&all::connection, &connection::pong_timeout>,
     {100, h}, at_restart,
     "A connection is dead when nothing comes within this after a ping."},
    {"connection.write_timeout", duration, at<&all::connection, &connection::write_timeout>,
     {100, h}, at_restart,
     "A connection is dead when no byte leaves for this long."},
    {"connection.message_bytes", bytes, at<&all::connection, &connection::message_bytes>,
     {kilobyte, gigabyte}, at_restart,
     "A longer message from AI Flow closes the connection."},

    {"session.grace", duration, at<&all::session, &session_keys::grace>, {0, h}, at_restart,
     "How long the calls of a lost connection are kept for it to come back."},
    {"session.expiry", duration, at<&all::session, &session_keys::expiry>, {s, 24 * h}, at_restart,
     "A call without any event is over after this."},
    {"session.slow_answer", duration, at<&all::session, &session_keys::slow_answer>,
     {1, h}, at_restart,
     "An event whose handling takes longer is logged."},
    {"session.max_sessions", number, at<&all::session, &session_keys::max_sessions>,
     {1, 10 * million, "calls"}, at_restart,
     "Further calls are refused, and logged."},

    {"handler.type", choice, at<&all::handler, &handler_keys::type>, {}, at_restart,
     "Rules in a file, a child process behind a pipe, or a web app. Its section has to be filled "
     "in."},
    {"handler.show_all_failures", boolean, at<&all::handler, &handler_keys::show_all_failures>,
     {}, at_reload,
     "Whether the bot is also shown an `sms_failed` that is going to be retried."},
    {"handler.apology", text, at<&all::handler, &handler_keys::apology>, {}, at_reload,
     "What callers hear when the child process or the web app is not there; nothing when empty.",
     "\"Sorry, that does not work right now.\""},

    {"rules.file", path, at<&all::rules, &rules::file>, {}, at_reload,
     "The file with the rules. Its contents are read again at a reload.", "\"rules.toml\"",
     "with `handler.type = \"rules\"`"},

    {"pipe.command", command, at<&all::pipe, &pipe::command>, {0, 1'000}, at_reload,
     "The program and its arguments; there is no shell. A program without a slash is looked for "
     "in `$PATH`.", "[\"/usr/bin/python3\", \"/opt/bot/bot.py\"]",
     "with `handler.type = \"pipe\"`"},
    {"pipe.directory", path, at<&all::pipe, &pipe::directory>, {}, at_reload,
     "Where the program runs; the daemon's own directory when empty.", "\"/opt/bot\""},
    {"pipe.restart_initial", duration, at<&all::pipe, &pipe::restart_initial>, {10, h}, at_reload,
     "How long after its end the child is started again; each further time waits longer."},
    {"pipe.restart_max", duration, at<&all::pipe, &pipe::restart_max>, {10, 24 * h}, at_reload,
     "The longest wait before a start."},
    {"pipe.write_timeout", duration, at<&all::pipe, &pipe::write_timeout>, {100, h}, at_reload,
     "A child that reads nothing for this long is killed, and started again."},
    {"pipe.stop_timeout", duration, at<&all::pipe, &pipe::stop_timeout>, {0, 10 * m}, at_reload,
     "How long the child has to end, once its standard input has ended, before it is killed."},
    {"pipe.line_bytes", bytes, at<&all::pipe, &pipe::line_bytes>, {kilobyte, gigabyte}, at_restart,
     "A longer line from the child is dropped, and counted as bad."},

    {"webhook.url", url, at<&all::webhook, &webhook::url>, {}, at_reload,
     "Where the web app is. `http://` is for this machine only.", "\"http://127.0.0.1:3000/flow\"",
     "with `handler.type = \"webhook\"`"},
    {"webhook.token_file", token_file, at<&all::webhook, &webhook::token_file>, {}, at_reload,
     "A file with the token that the app gets as `X-API-TOKEN`, in one line, or `credential:NAME` "
     "for a credential of systemd. Its contents are read again at a reload.",
     "\"credential:webhook-token\""},
    {"webhook.ca_file", path, at<&all::webhook, &webhook::ca_file>, {}, at_reload,
     "Certificates as PEM that are trusted instead of the system's.", "\"ca.pem\""},
    {"webhook.allow_plain_text", boolean, at<&all::webhook, &webhook::allow_plain_text>,
     {}, at_reload,
     "Permits `http://` to another machine: everybody on the way can read calls and token."},
    {"webhook.connect_timeout", duration, at<&all::webhook, &webhook::connect_timeout>,
     {10, h}, at_reload,
     "How long a connection to the app may take."},
    {"webhook.timeout", duration, at<&all::webhook, &webhook::timeout>, {10, h}, at_reload,
     "How long it may take from the request to the whole answer."},
    {"webhook.max_connections", number, at<&all::webhook, &webhook::max_connections>,
     {1, 10'000, "connections"}, at_reload,
     "How many requests may be under way at once."},
    {"webhook.keep_alive", duration, at<&all::webhook, &webhook::keep_alive>, {0, h}, at_reload,
     "An idle connection to the app is closed after this."},
    {"webhook.answer_bytes", bytes, at<&all::webhook, &webhook::answer_bytes>,
     {kilobyte, gigabyte}, at_reload,
     "A longer answer is a failure."},
    {"webhook.breaker_failures", number, at<&all::webhook, &webhook::breaker_failures>,
     {1, 1'000, "failures"}, at_reload,
     "After so many failures in a row the app is left alone."},
    {"webhook.breaker_pause", duration, at<&all::webhook, &webhook::breaker_pause>,
     {100, h}, at_reload,
     "For how long it is left alone, before it is tried again."},

    {"sms.retry", boolean, at<&all::sms, &sms::retry>, {}, at_restart,
     "Whether an SMS that failed with `smsc_unavailable` is sent again."},
    {"sms.max_attempts", number, at<&all::sms, &sms::max_attempts>, {1, 10, "attempts"}, at_restart,
     "How often an SMS is tried at most, the first time included."},
    {"sms.retry_delays", durations, at<&all::sms, &sms::retry_delays>, {1, h}, at_restart,
     "The waits before the retries; the last one serves all further ones."},
    {"sms.window", duration, at<&all::sms, &sms::window>, {1, h}, at_restart,
     "An SMS is assumed to be sent when no failure comes within this."},
    {"sms.hold", duration, at<&all::sms, &sms::hold>, {0, h}, at_restart,
     "How long a second text to the same number waits, so that a failure can be told apart."},
    {"sms.max_age", duration, at<&all::sms, &sms::max_age>, {s, 24 * h}, at_restart,
     "No attempt is made later than this after an SMS was accepted."},
    {"sms.session_interval", duration, at<&all::sms, &sms::session_interval>, {0, h}, at_restart,
     "At least this long between two SMS of a call."},
    {"sms.session_messages", number, at<&all::sms, &sms::session_messages>,
     {1, 1'000, "messages"}, at_restart,
     "So many SMS in a call."},
    {"sms.session_frames", number, at<&all::sms, &sms::session_frames>,
     {1, 10'000, "attempts"}, at_restart,
     "So many attempts of all the SMS of a call together."},
    {"sms.session_recipients", number, at<&all::sms, &sms::session_recipients>,
     {1, 1'000, "recipients"}, at_restart,
     "So many different numbers in a call."},
    {"sms.recipient_per_hour", number, at<&all::sms, &sms::recipient_per_hour>,
     {1, 100'000, "messages"}, at_restart,
     "So many SMS to one number in an hour, of all calls."},
    {"sms.process_per_minute", number, at<&all::sms, &sms::process_per_minute>,
     {1, million, "messages"}, at_restart,
     "So many SMS in a minute, of all calls."},
    {"sms.max_characters", number, at<&all::sms, &sms::max_characters>,
     {1, 15'300, "characters"}, at_restart,
     "A longer text is refused."},
    {"sms.account_refusal", duration, at<&all::sms, &sms::account_refusal>, {1, 24 * h}, at_restart,
     "How long further SMS are refused after the account was, for its balance for instance."},
    {"sms.breaker_failures", number, at<&all::sms, &sms::breaker_failures>,
     {1, million, "failures"}, at_restart,
     "So many SMS that failed with `smsc_unavailable` in a minute hold all others, until one gets "
     "through again. More suits who sends many."},
    {"sms.retry_with_next_event", boolean, at<&all::sms, &sms::retry_with_next_event>,
     {}, at_restart,
     "Whether a retry waits for the next event of its call that can be answered."},

    {"outbox.directory", path, at<&all::outbox, &outbox_keys::directory>, {}, at_restart,
     "Where the outbox is; `$STATE_DIRECTORY`, which systemd sets, when empty.",
     "\"/var/lib/aiflowd\""},
    {"outbox.max_open", number, at<&all::outbox, &outbox_keys::max_open>,
     {1, 10 * million, "messages"}, at_restart,
     "Further SMS are refused when so many are not settled."},
    {"outbox.max_bytes", bytes, at<&all::outbox, &outbox_keys::max_bytes>,
     {kilobyte * kilobyte, 1'024 * gigabyte}, at_restart,
     "Further SMS are refused when the file has this size."},
    {"outbox.keep", duration, at<&all::outbox, &outbox_keys::keep>, {m, 24 * h}, at_restart,
     "How long a settled SMS is remembered, without number and text."},

    {"control.socket", key_kind::socket, at<&all::control, &control::socket>, {}, at_restart,
     "The Unix socket; `control.sock` in `$RUNTIME_DIRECTORY`, which systemd sets, when empty. "
     "\"off\" for none.", "\"/run/aiflowd/control.sock\""},
    {"control.users", texts, at<&all::control, &control::users>, {0, 100}, at_restart,
     "Names of the users who may use it, besides root and the daemon's own.", "[\"operator\"]"},

    {"metrics.address", text, at<&all::metrics, &metrics::address>, {}, at_restart,
     "The IP address of the port. It asks for no token."},
    {"metrics.port", number, at<&all::metrics, &metrics::port>, {0, 65'535}, at_restart,
     "The TCP port; none when 0, as the control socket offers the same."},

    {"log.level", choice, at<&all::log, &log_keys::level>, {}, at_reload,
     "The least important lines that are logged."},
    {"log.format", choice, at<&all::log, &log_keys::format>, {}, at_restart,
     "How a line is written; \"automatic\" is \"journal\" where the journal reads it, else "
     "\"text\"."},

    {"shutdown.drain", duration, at<&all::shutdown, &shutdown::drain>, {0, 24 * h}, at_restart,
     "How long calls may go on once the daemon was told to end. systemd's TimeoutStopSec has to "
     "be 10 s longer."},
};
// clang-format on

}  // namespace

std::span<const config_key> config_keys() noexcept
{
    return keys;
}

std::span<const config_section> config_sections() noexcept
{
    return sections;
}

}  // namespace aiflow
