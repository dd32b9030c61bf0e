#include "config_fixture.hpp"

#include <filesystem>

using namespace aiflow;

namespace {

struct bad_text {
    std::string_view text;
    std::string_view problem;  ///< without the name of the file
};

// A file with what rules need in its last line.
std::string said_about(std::string_view text)
{
    std::string all = problems_of(std::string(text) + "\n" + std::string(rules_line));
    for (std::size_t at = 0; (at = all.find(config_name, at)) != std::string::npos;)
        all.erase(at, config_name.size() + 1);
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_reader_suite)

BOOST_AUTO_TEST_CASE(values_of_a_wrong_kind)
{
    const bad_text table[] = {
        {"mode = ", "1: is not valid TOML: Error while parsing key-value pair: expected value, saw "
                    "'\\n'"},
        {"colour = 1", "1: colour: there is no such key here; known are `mode`, `listen`, "
                       "`connect`, `connection`, `session`, `handler`, `rules`, `pipe`, `webhook`, "
                       "`sms`, `outbox`, `control`, `metrics`, `log` or `shutdown`"},
        {"[lisen]\nport = 1\n[rules]\nfile = \"r\"\n[x]",
         "1: lisen: there is no such key here; did you mean `listen`?"},
        {"listen.prot = 1", "1: listen.prot: there is no such key here; did you mean `port`?"},
        {"listen = 1", "1: listen: is a whole number, but has to be a table"},
        {"mode = \"listne\"", "1: mode: \"listne\" is not known; did you mean `listen`?"},
        {"mode = 1", "1: mode: is a whole number, "
                     "but has to be `listen`, `connect` or `both`"},
        {"listen.port = \"80\"", "1: listen.port: is a text, but has to be a whole number"},
        {"listen.port = 80.0", "1: listen.port: is a number, but has to be a whole number"},
        {"listen.address = 1", "1: listen.address: is a whole number, but has to be a text"},
        {"sms.retry = 1", "1: sms.retry: is a whole number, but has to be true or false"},
        {"session.grace = 30", "1: session.grace: is a whole number, but has to be a duration as "
                               "text, such as \"200ms\", \"1.5s\" or \"2m\""},
        {"session.grace = \"30\"", "1: session.grace: \"30\" is no duration; write a number and a "
                                   "unit, such as \"200ms\", \"1.5s\" or \"2m\", up to \"24h\""},
        {"connection.ping_interval = \"5ms\"",
         "1: connection.ping_interval: is 5ms, but has to be from 100ms to 1h"},
        {"listen.token_files = \"a\"", "1: listen.token_files: is a text, but has to be a list of "
                                       "texts, such as [\"one\", \"two\"]"},
        {"listen.token_files = [\"a\", 1]",
         "1: listen.token_files[2]: is a whole number, but has to be a text"},
        {"listen.token_files = [\"a\", \"b\", \"c\"]",
         "1: listen.token_files: has 3 elements, but may have 2 at most"},
        {"listen.origins = [\"\"]",
         "1: listen.origins: element 1 is empty; take it out, or fill it in"},
        {"pipe.command = [\"a\", \"b\\u0000\"]",
         "1: pipe.command: element 2 holds a NUL; take it out"},
        {"sms.retry_delays = [\n\"2s\",\n\"x\",\n\"2h\"]",
         "3: sms.retry_delays[2]: \"x\" is no duration; write a number and a unit, such as "
         "\"200ms\", \"1.5s\" or \"2m\", up to \"24h\"\n"
         "4: sms.retry_delays[3]: is 2h, but has to be from 1ms to 1h"},
        {"connect.ca_file = \"a\\nb\"", "1: connect.ca_file: holds a control character, such as a "
                                        "line's end; take it out"}};
    for (const auto& [text, problem] : table) {
        const std::string said = said_about(text);
        if (text.starts_with("[lisen]"))
            BOOST_TEST(said.starts_with(problem), said);
        else
            BOOST_TEST(said == problem);
    }
}

BOOST_AUTO_TEST_CASE(contradictions)
{
    const bad_text table[] = {
        {"mode = \"connect\"", "1: connect.url: is missing; mode = \"connect\" needs it, such as "
                               "url = \"wss://flow.example.com/stream\" in [connect]"},
        {"mode = \"both\"\n[connect]\ntoken_file = \"t\"\n[rules]\nfile = \"r\"\n[x.y]",
         "2: connect.url: is missing; mode = \"both\" needs it, such as url = "
         "\"wss://flow.example.com/stream\" in [connect]"},
        {"listen.certificate_file = \"c\"",
         "1: listen.key_file: is missing; `certificate_file` has no use without it"},
        {"listen.key_file = \"k\"",
         "1: listen.certificate_file: is missing; `key_file` has no use without it"},
        {"listen.token_files = [\"a\", \"./a\"]",
         "1: listen.token_files: names the same file twice; take one out"},
        {"listen.path = \"ws\"", "1: listen.path: must begin with /, such as /ws"},
        {"listen.http_path = \"/healthz\"", "1: listen.http_path: is where the health is asked "
                                            "for; take another path, such as /ws"},
        {"listen.address = \"localhost\"",
         "1: listen.address: must be an IP address, such as 127.0.0.1 or ::"},
        {"\nlisten.address = \"0.0.0.0\"",
         "2: listen.token_files: are needed, since others can reach 0.0.0.0; or listen on "
         "127.0.0.1, behind a proxy that asks for one"},
        {"mode = \"connect\"\nconnect.url = \"ws://flow.example.com/\"",
         "2: connect.url: ws:// to another machine shows calls and token to everybody on the way; "
         "use wss://, or set allow_plain_text"},
        {"mode = \"connect\"\nconnect.url = \"wss://me:word@flow.example.com/\"",
         "2: connect.url: must not hold a user or password; give a token instead"},
        {"webhook.url = \"https://me:word@app.example.com/\"",
         "1: webhook.url: must not hold a user or password; give a token instead"},
        {"webhook.url = \"app.example.com\"",
         "1: webhook.url: is not a URL; it has to look like https://host/path"},
        {"webhook.url = \"https://a:99999/\"",
         "1: webhook.url: has a port that is not in 1 to 65535"},
        {"webhook.url = \"http://app.example.com/\"",
         "1: webhook.url: http:// to another machine shows calls and token to everybody on the "
         "way; use https://, or set allow_plain_text"},
        {"webhook.url = \"https://a/x#y\"", "1: webhook.url: must not have a fragment (#)"},
        {"connect.backoff_initial = \"2m\"",
         "1: connect.backoff_initial: is 2m, longer than `backoff_max` with 1m; change one of "
         "them"},
        {"webhook.timeout = \"1s\"",
         "1: webhook.timeout: is 1s, shorter than `connect_timeout` with 2s; change one of them"},
        {"sms.retry_delays = [\"1s\", \"2s\", \"3s\"]\nsms.max_attempts = 2",
         "1: sms.retry_delays: has 3 delays, but `max_attempts = 2` uses only 1 of them; take "
         "delays out, or raise max_attempts"},
        {"sms.retry_delays = []",
         "1: sms.retry_delays: is empty; give at least one delay, or set retry = false"},
        {"metrics.address = \"here\"",
         "1: metrics.address: must be an IP address, such as 127.0.0.1 or ::1"},
        {"metrics.port = 8080", "1: metrics.port: is the port of [listen], too; take another one"}};
    for (const auto& [text, problem] : table) {
        const std::string said = said_about(text);
        if (text.ends_with("[x.y]"))
            BOOST_TEST(said.find(problem) != std::string::npos, said);
        else
            BOOST_TEST(said == problem);
    }
    BOOST_TEST(said_about("control.socket = \"/" + std::string(200, 'a') + "\"") ==
               "1: control.socket: is longer than the 107 bytes that the system allows; take a "
               "shorter path");
}

BOOST_AUTO_TEST_CASE(each_handler_needs_its_section)
{
    BOOST_TEST(problems_of("") ==
               "/etc/aiflowd/f.toml: rules.file: is missing; handler.type = \"rules\" needs it, "
               "such as file = \"rules.toml\" in [rules]");
    BOOST_TEST(problems_of("\n[handler]\ntype = \"pipe\"") ==
               "/etc/aiflowd/f.toml:3: pipe.command: is missing; handler.type = \"pipe\" needs it, "
               "such as command = [\"/usr/bin/python3\", \"/opt/bot/bot.py\"] in [pipe]");
    BOOST_TEST(problems_of("[handler]\ntype = \"webhook\"\n[webhook]\ntimeout = \"9s\"") ==
               "/etc/aiflowd/f.toml:3: webhook.url: is missing; handler.type = \"webhook\" needs "
               "it, such as url = \"http://127.0.0.1:3000/flow\" in [webhook]");
}

BOOST_AUTO_TEST_CASE(every_problem_is_told_at_once)
{
    BOOST_TEST(said_about("listen.port = -1\nlog.level = \"loud\"\nmetrics.address = \"x\"") ==
               "1: listen.port: is -1, but has to be from 0 to 65535\n"
               "2: log.level: \"loud\" is not known; it has to be `debug`, `info`, `warning` or "
               "`error`\n"
               "3: metrics.address: must be an IP address, such as 127.0.0.1 or ::1");
}

BOOST_AUTO_TEST_CASE(what_follows_from_a_problem_is_not_told)
{
    BOOST_TEST(said_about("mode = \"connect\"\nconnect.ulr = \"wss://a/\"") ==
               "2: connect.ulr: there is no such key here; did you mean `url`?");
    BOOST_TEST(problems_of("handler.type = \"pip\"") ==
               "/etc/aiflowd/f.toml:1: handler.type: \"pip\" is not known; did you mean `pipe`?");
}

BOOST_AUTO_TEST_CASE(what_is_no_contradiction)
{
    for (const std::string_view text :
         {"listen.address = \"::\"\nlisten.token_files = [\"t\"]", "sms.max_attempts = 1",
          "mode = \"both\"\nconnect.url = \"ws://localhost:1/\"", "listen.http_path = \"/ws\"",
          "mode = \"connect\"\nconnect.url = \"ws://a/\"\nconnect.allow_plain_text = true",
          "mode = \"connect\"\nconnect.url = \"wss://a/\"\nlisten.address = \"0.0.0.0\"",
          "webhook.url = \"http://[::1]:3000/\"", "metrics.address = \"::\"\nmetrics.port = 8080",
          "sms.retry_delays = [\"1s\"]\nsms.max_attempts = 1"})
        BOOST_TEST(said_about(text) == "no problem", text);
}

BOOST_AUTO_TEST_CASE(paths_begin_at_the_file)
{
    const auto c = config_of("rules.file = \"../r/rules.toml\"\n"
                             "listen.token_files = [\"token\", \"credential:api-token\"]\n"
                             "connect.token_file = \"credential:out\"\n"
                             "pipe.command = [\"./bot\", \"./data\"]\n"
                             "outbox.directory = \"/var/x\"\ncontrol.socket = \"off\"");
    BOOST_TEST(c.rules.file == "/etc/r/rules.toml");
    BOOST_TEST(c.listen.token_files[0] == "/etc/aiflowd/token");
    BOOST_TEST(c.listen.token_files[1] == "credential:api-token");
    BOOST_TEST(c.connect.token_file == "credential:out");
    BOOST_TEST(c.pipe.command[0] == "/etc/aiflowd/bot");
    BOOST_TEST(c.pipe.command[1] == "./data");
    BOOST_TEST(c.outbox.directory == "/var/x");
    BOOST_TEST(c.control.socket == "off");
    BOOST_TEST(c.listen.certificate_file == "");
    BOOST_TEST(
        config_of("handler.type = \"pipe\"\npipe.command = [\"bot\", \"\"]").pipe.command[0] ==
        "bot");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read)
{
    const auto missing = read_config_file("/nowhere/f.toml");
    BOOST_TEST_REQUIRE(missing.has_error());
    BOOST_TEST(to_string(missing.error().front()) ==
               "/nowhere/f.toml: cannot be read: No such file or directory; check the path, and "
               "that this user may read the file");
    const auto directory = read_config_file("/");
    BOOST_TEST_REQUIRE(directory.has_error());
    BOOST_TEST(directory.error().front().text == "is no regular file");
    const auto empty = read_config_file("/dev/null");
    BOOST_TEST_REQUIRE(empty.has_error());
    BOOST_TEST(empty.error().front().key == "rules.file");
}

BOOST_AUTO_TEST_SUITE_END()
