#include "daemon/config_options.hpp"

#include "daemon/config_checks.hpp"
#include "daemon/secret_file.hpp"

#include <array>
#include <utility>
#include <vector>

namespace aiflow {

namespace {

constexpr std::string_view listen_side = "listen";
constexpr std::string_view connect_side = "connect";

session_options sessions_of(const daemon_config& c)
{
    session_options o;
    // Rules and a program decide themselves what a barge-in means; their answer must not be cut
    // short. Who barges in on a web app does not wait for what it is still busy with.
    o.interrupt = c.handler.type == handler_type::webhook ? interruption::barge_in
                                                          : interruption::session_end;
    o.grace = c.session.grace;
    o.expiry = c.session.expiry;
    o.slow_answer = c.session.slow_answer;
    o.max_sessions = c.session.max_sessions;
    o.sms.max_attempts = c.sms.max_attempts;
    o.sms.retry_delays = c.sms.retry_delays;
    o.sms.window = c.sms.window;
    o.sms.grace = c.session.grace;
    o.sms.hold = c.sms.hold;
    o.sms.max_age = std::chrono::floor<std::chrono::seconds>(c.sms.max_age);
    o.sms.session_interval = c.sms.session_interval;
    o.sms.session_messages = c.sms.session_messages;
    o.sms.session_frames = c.sms.session_frames;
    o.sms.session_recipients = c.sms.session_recipients;
    o.sms.recipient_per_hour = c.sms.recipient_per_hour;
    o.sms.process_per_minute = c.sms.process_per_minute;
    o.sms.max_characters = c.sms.max_characters;
    o.sms.max_open = c.outbox.max_open;
    o.sms.account_refusal = c.sms.account_refusal;
    o.sms.breaker_failures = c.sms.breaker_failures;
    o.sms.retry_with_next_event = c.sms.retry_with_next_event;
    return o;
}

connection_options connection_of(const daemon_config& c)
{
    connection_options o;
    o.ping_interval = c.connection.ping_interval;
    o.pong_timeout = c.connection.pong_timeout;
    o.write_timeout = c.connection.write_timeout;
    return o;
}

// All but what is in files.
listener_options plain_listener_options(const daemon_config& c)
{
    listener_options o;
    o.address = c.listen.address;
    o.port = c.listen.port;
    o.path = c.listen.path;
    o.http_path = c.listen.http_path;
    o.origins = c.listen.origins;
    o.answer_within = c.listen.answer_within;
    o.max_connections = c.listen.max_connections;
    o.max_strangers = c.listen.max_strangers;
    o.limits.message_bytes = c.connection.message_bytes;
    o.connection = connection_of(c);
    o.sessions = sessions_of(c);
    o.drain = c.shutdown.drain;
    return o;
}

client_options plain_client_options(const daemon_config& c)
{
    client_options o;
    o.url = c.connect.url;
    o.allow_plain_text = c.connect.allow_plain_text;
    o.backoff.initial = c.connect.backoff_initial;
    o.backoff.max = c.connect.backoff_max;
    o.limits.message_bytes = c.connection.message_bytes;
    o.connection = connection_of(c);
    o.sessions = sessions_of(c);
    o.drain = c.shutdown.drain;
    return o;
}

// The key for a field of the library's options.
std::string key_of(std::string_view side, std::string_view field)
{
    using pair = std::pair<std::string_view, std::string_view>;
    constexpr std::array<pair, 6> whole{{{"tokens", "listen.token_files"},
                                         {"token", "connect.token_file"},
                                         {"backoff.initial", "connect.backoff_initial"},
                                         {"drain", "shutdown.drain"},
                                         {"sms.grace", "session.grace"},
                                         {"sms.max_open", "outbox.max_open"}}};
    constexpr std::array<pair, 4> beginnings{{{"limits.", "connection."},
                                              {"connection.", "connection."},
                                              {"sessions.", "session."},
                                              {"sms.", "sms."}}};
    for (const auto& [from, to] : whole)
        if (field == from)
            return std::string(to);
    for (const auto& [from, to] : beginnings)
        if (field.starts_with(from))
            return std::string(to) + std::string(field.substr(from.size()));
    return std::string(side) + "." + std::string(field);
}

file_problem in_file(const daemon_config& c, std::string_view side, const problem& p)
{
    return problem_at(c, key_of(side, p.field), p.text);
}

// The same with place and key in the field.
problem located(const file_problem& p)
{
    std::string field = p.file;
    if (p.line > 0)
        field += ":" + std::to_string(p.line);
    return {make_error_code(errc::invalid_value), (field.empty() ? "" : field + ": ") + p.key,
            p.text};
}

// A token, or why there is none, as a problem of the key that names its file.
checked<secret> token_of(const daemon_config& c, const std::string& key, const std::string& place,
                         const daemon_environment& environment)
{
    if (place.empty())
        return secret();
    auto token = read_token(place, environment);
    if (!token)
        return located(problem_at(c, key, to_string(token.error())));
    return token;
}

}  // namespace

checked<listener_options> listener_options_of(const daemon_config& config,
                                              const daemon_environment& environment)
{
    listener_options o = plain_listener_options(config);
    for (const std::string& place : config.listen.token_files) {
        auto token = token_of(config, "listen.token_files", place, environment);
        if (!token)
            return token.error();
        o.tokens.push_back(std::move(*token));
    }
    o.certificate_file = config.listen.certificate_file;
    o.key_file = config.listen.key_file;
    if (const auto wrong = validate(o))
        return located(in_file(config, listen_side, *wrong));
    return o;
}

checked<client_options> client_options_of(const daemon_config& config,
                                          const daemon_environment& environment)
{
    client_options o = plain_client_options(config);
    auto token = token_of(config, "connect.token_file", config.connect.token_file, environment);
    if (!token)
        return token.error();
    o.token = std::move(*token);
    o.ca_file = config.connect.ca_file;
    if (const auto wrong = validate(o))
        return located(in_file(config, connect_side, *wrong));
    return o;
}

checked<sqlite_outbox_options> outbox_options_of(const daemon_config& config, std::string_view side,
                                                 const daemon_environment& environment)
{
    const std::string& directory =
        config.outbox.directory.empty() ? environment.state_directory : config.outbox.directory;
    if (directory.empty())
        return located(problem_at(
            config, "outbox.directory",
            "is not given, and neither is $STATE_DIRECTORY, which systemd sets; give one of them, "
            "such as directory = \"/var/lib/aiflowd\" in [outbox]"));
    sqlite_outbox_options o;
    o.directory = directory + "/outbox-" + std::string(side);
    o.max_open = config.outbox.max_open;
    o.max_bytes = config.outbox.max_bytes;
    o.keep = std::chrono::floor<std::chrono::seconds>(config.outbox.keep);
    return o;
}

checked<secret> webhook_token_of(const daemon_config& config, const daemon_environment& environment)
{
    return token_of(config, "webhook.token_file", config.webhook.token_file, environment);
}

checked<std::optional<std::string>> control_socket_of(const daemon_config& config,
                                                      const daemon_environment& environment)
{
    using path = std::optional<std::string>;
    if (config.control.socket == "off")
        return path{};
    if (!config.control.socket.empty())
        return path{config.control.socket};
    if (environment.runtime_directory.empty())
        return located(problem_at(
            config, "control.socket",
            "is not given, and neither is $RUNTIME_DIRECTORY, which systemd sets; give one of "
            "them, or socket = \"off\" in [control]"));
    return path{environment.runtime_directory + "/control.sock"};
}

std::optional<file_problem> library_problem(const daemon_config& config)
{
    if (config.mode != service_mode::connect) {
        listener_options o = plain_listener_options(config);
        // In place of those in the files, since it matters whether there are any.
        o.tokens.assign(config.listen.token_files.size(), secret("in a file"));
        if (const auto wrong = validate(o))
            return in_file(config, listen_side, *wrong);
    }
    // Without a URL something else is said about it.
    if (config.mode != service_mode::listen && !config.connect.url.empty())
        if (const auto wrong = validate(plain_client_options(config)))
            return in_file(config, connect_side, *wrong);
    return std::nullopt;
}

}  // namespace aiflow
