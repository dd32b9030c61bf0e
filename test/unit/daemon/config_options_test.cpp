#include "config_fixture.hpp"
#include "daemon/config_options.hpp"
#include "daemon/secret_file.hpp"
#include "test_directory.hpp"

using namespace aiflow;
using aiflow::test::test_directory;
using namespace std::chrono_literals;

namespace {

template <class T>
std::string said(const checked<T>& result)
{
    return result ? "no problem" : to_string(result.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_options_suite)

BOOST_AUTO_TEST_CASE(options_of_a_listener)
{
    const test_directory dir;
    dir.write("one", "secret-1\n");
    dir.write("two", "secret-2");
    const auto c = with_rules("mode = \"both\"\nconnect.url = \"wss://a/\"\n"
                              "[listen]\naddress = \"::1\"\nport = 0\npath = \"/a\"\n"
                              "http_path = \"/b\"\norigins = [\"https://o\"]\n"
                              "max_connections = 7\nmax_strangers = 3\nanswer_within = \"1ms\"\n"
                              "token_files = [\"" +
                              dir.path("one") +
                              "\", \"credential:two\"]\n"
                              "[connection]\nping_interval = \"1s\"\npong_timeout = \"2s\"\n"
                              "write_timeout = \"3s\"\nmessage_bytes = 4096\n"
                              "[session]\ngrace = \"4s\"\nexpiry = \"5s\"\nslow_answer = \"6s\"\n"
                              "max_sessions = 8\n[outbox]\nmax_open = 9\n"
                              "[shutdown]\ndrain = \"7s\"");
    const auto o = listener_options_of(c, {.credentials_directory = dir.path("")});
    BOOST_TEST_REQUIRE(o.has_value(), said(o));
    BOOST_TEST(o->address == "::1");
    BOOST_TEST(o->port == 0u);
    BOOST_TEST(o->path == "/a");
    BOOST_TEST(o->http_path == "/b");
    BOOST_TEST(o->origins == std::vector<std::string>{"https://o"});
    BOOST_TEST(o->max_connections == 7u);
    BOOST_TEST(o->max_strangers == 3u);
    BOOST_TEST((o->answer_within == 1ms));
    BOOST_TEST_REQUIRE(o->tokens.size() == 2u);
    BOOST_TEST(o->tokens[0].matches("secret-1"));
    BOOST_TEST(o->tokens[1].matches("secret-2"));
    BOOST_TEST((o->connection.ping_interval == 1s && o->connection.pong_timeout == 2s));
    BOOST_TEST((o->connection.write_timeout == 3s));
    BOOST_TEST(o->limits.message_bytes == 4096u);
    BOOST_TEST((o->sessions.grace == 4s && o->sessions.sms.grace == 4s));
    BOOST_TEST((o->sessions.expiry == 5s && o->sessions.slow_answer == 6s));
    BOOST_TEST(o->sessions.max_sessions == 8u);
    BOOST_TEST(o->sessions.sms.max_open == 9u);
    BOOST_TEST((o->sessions.interrupt == interruption::session_end));
    const auto web = listener_options_of(
        with_rules("handler.type = \"webhook\"\nwebhook.url = \"http://127.0.0.1:1/\""), {});
    BOOST_TEST((web->sessions.interrupt == interruption::barge_in));
    BOOST_TEST((o->drain == 7s));
}

BOOST_AUTO_TEST_CASE(options_of_a_client)
{
    const test_directory dir;
    dir.write("token", "secret-1\n");
    const auto c = with_rules("mode = \"connect\"\n[connect]\nurl = \"ws://a/\"\n"
                              "allow_plain_text = true\ntoken_file = \"" +
                              dir.path("token") +
                              "\"\nbackoff_initial = \"1m\"\nbackoff_max = \"2m\"\n"
                              "[sms]\nmax_attempts = 2\nretry_delays = [\"3s\"]\n"
                              "window = \"4s\"\nhold = \"15s\"\nmax_age = \"6.9s\"\n"
                              "session_interval = \"7s\"\nsession_messages = 8\n"
                              "session_frames = 9\nsession_recipients = 10\n"
                              "recipient_per_hour = 11\nprocess_per_minute = 12\n"
                              "max_characters = 13\naccount_refusal = \"14s\"\n"
                              "breaker_failures = 15\n"
                              "retry_with_next_event = true");
    const auto o = client_options_of(c, {});
    BOOST_TEST_REQUIRE(o.has_value(), said(o));
    BOOST_TEST(o->url == "ws://a/");
    BOOST_TEST(o->allow_plain_text);
    BOOST_TEST(o->token.matches("secret-1"));
    BOOST_TEST((o->backoff.initial == 1min && o->backoff.max == 2min));
    const sms_rules& s = o->sessions.sms;
    BOOST_TEST(s.max_attempts == 2u);
    BOOST_TEST((s.retry_delays == std::vector<std::chrono::milliseconds>{3s}));
    BOOST_TEST((s.window == 4s && s.hold == 15s && s.max_age == 6s));
    BOOST_TEST((s.session_interval == 7s && s.account_refusal == 14s));
    BOOST_TEST((s.session_messages == 8u && s.session_frames == 9u && s.session_recipients == 10u));
    BOOST_TEST((s.recipient_per_hour == 11u && s.process_per_minute == 12u));
    BOOST_TEST((s.max_characters == 13u && s.breaker_failures == 15u));
    BOOST_TEST(s.retry_with_next_event);
    BOOST_TEST((o->sessions.interrupt == interruption::session_end));
}

// The defaults of the daemon are those of the library, so that both are documented rightly.
BOOST_AUTO_TEST_CASE(defaults_are_those_of_the_library)
{
    const auto o = listener_options_of(with_rules(""), {});
    BOOST_TEST_REQUIRE(o.has_value(), said(o));
    const listener_options plain;
    BOOST_TEST(o->address == plain.address);
    BOOST_TEST(o->port == plain.port);
    BOOST_TEST(o->path == plain.path);
    BOOST_TEST((o->answer_within == plain.answer_within && o->drain == plain.drain));
    BOOST_TEST(o->max_connections == plain.max_connections);
    BOOST_TEST(o->max_strangers == plain.max_strangers);
    BOOST_TEST(o->limits.message_bytes == plain.limits.message_bytes);
    BOOST_TEST((o->connection.ping_interval == plain.connection.ping_interval));
    BOOST_TEST((o->connection.pong_timeout == plain.connection.pong_timeout));
    BOOST_TEST((o->connection.write_timeout == plain.connection.write_timeout));
    BOOST_TEST((o->sessions.grace == plain.sessions.grace));
    BOOST_TEST((o->sessions.expiry == plain.sessions.expiry));
    const sms_rules& mine = o->sessions.sms;
    const sms_rules& theirs = plain.sessions.sms;
    BOOST_TEST((mine.retry_delays == theirs.retry_delays && mine.grace == theirs.grace));
    BOOST_TEST((mine.max_attempts == theirs.max_attempts && mine.max_age == theirs.max_age));
    BOOST_TEST((mine.window == theirs.window && mine.hold == theirs.hold));
    BOOST_TEST((mine.max_open == theirs.max_open && mine.session_frames == theirs.session_frames));
}

BOOST_AUTO_TEST_CASE(files_that_are_not_usable)
{
    const test_directory dir;
    dir.write("cert", "no certificate");
    const std::string in_line = "/etc/aiflowd/f.toml:2: ";
    BOOST_TEST(said(listener_options_of(with_rules("listen.token_files = [\"/nowhere\"]"), {})) ==
               in_line +
                   "listen.token_files: /: holds no file of that name; give the path of a file "
                   "that holds the token, not the token");
    BOOST_TEST(said(listener_options_of(with_rules("listen.token_files = [\"9f8e7d6c5b4a\"]"), {}))
                   .find("9f8e") == std::string::npos);
    const auto tls = with_rules("listen.certificate_file = \"" + dir.path("cert") +
                                "\"\nlisten.key_file = \"" + dir.path("cert") + "\"");
    BOOST_TEST(said(listener_options_of(tls, {})) ==
               in_line + "listen.certificate_file: " + dir.path("cert") +
                   " holds no PEM certificate; the server's own has to come first");
    const auto ca = with_rules("connect.ca_file = \"" + dir.path("cert") +
                               "\"\nmode = \"connect\"\nconnect.url = \"wss://a/\"");
    BOOST_TEST(said(client_options_of(ca, {})) ==
               in_line + "connect.ca_file: cannot be read as PEM certificates");
    BOOST_TEST(said(webhook_token_of(with_rules("webhook.token_file = \"credential:w\""), {})) ==
               in_line + "webhook.token_file: credential:w: needs $CREDENTIALS_DIRECTORY, which is "
                         "not set; add LoadCredential=w:PATH to the unit, or give the path of a "
                         "file");
    const auto none = webhook_token_of(with_rules(""), {});
    BOOST_TEST((none.has_value() && none->empty()));
}

BOOST_AUTO_TEST_CASE(places_of_the_outbox)
{
    const auto by_state = outbox_options_of(with_rules("outbox.keep = \"90s\""), "listen",
                                            {.state_directory = "/var/lib/aiflowd"});
    BOOST_TEST_REQUIRE(by_state.has_value());
    BOOST_TEST(by_state->directory == "/var/lib/aiflowd/outbox-listen");
    BOOST_TEST((by_state->keep == 90s));
    const auto given = outbox_options_of(
        with_rules("outbox.directory = \"/x\"\noutbox.max_open = 5\noutbox.max_bytes = 2_000_000"),
        "connect", {.state_directory = "/y"});
    BOOST_TEST_REQUIRE(given.has_value());
    BOOST_TEST(given->directory == "/x/outbox-connect");
    BOOST_TEST(given->max_open == 5u);
    BOOST_TEST(given->max_bytes == 2'000'000u);
    BOOST_TEST(said(outbox_options_of(with_rules(""), "listen", {})) ==
               "/etc/aiflowd/f.toml: outbox.directory: is not given, and neither is "
               "$STATE_DIRECTORY, which systemd sets; give one of them, such as directory = "
               "\"/var/lib/aiflowd\" in [outbox]");
}

BOOST_AUTO_TEST_CASE(places_of_the_control_socket)
{
    const daemon_environment run{.runtime_directory = "/run/aiflowd"};
    BOOST_TEST((control_socket_of(with_rules(""), run).value() == "/run/aiflowd/control.sock"));
    BOOST_TEST((control_socket_of(with_rules("control.socket = \"/x\""), run).value() == "/x"));
    BOOST_TEST(!control_socket_of(with_rules("control.socket = \"off\""), run)->has_value());
    BOOST_TEST(said(control_socket_of(with_rules("[control]"), {})) ==
               "/etc/aiflowd/f.toml:2: control.socket: is not given, and neither is "
               "$RUNTIME_DIRECTORY, which systemd sets; give one of them, or socket = \"off\" in "
               "[control]");
}

BOOST_AUTO_TEST_CASE(the_environment_is_that_of_systemd)
{
    ::setenv("STATE_DIRECTORY", "/a:/b", 1);
    ::setenv("RUNTIME_DIRECTORY", "/c", 1);
    ::unsetenv("CREDENTIALS_DIRECTORY");
    const auto e = environment_of_process();
    BOOST_TEST(e.state_directory == "/a");
    BOOST_TEST(e.runtime_directory == "/c");
    BOOST_TEST(e.credentials_directory == "");
    ::unsetenv("STATE_DIRECTORY");
    ::unsetenv("RUNTIME_DIRECTORY");
}

BOOST_AUTO_TEST_SUITE_END()
