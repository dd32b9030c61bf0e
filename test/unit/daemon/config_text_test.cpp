#include "config_fixture.hpp"
#include "daemon/config_changes.hpp"
#include "daemon/config_manual.hpp"
#include "daemon/config_text.hpp"

#include <fstream>
#include <regex>
#include <sstream>

using namespace aiflow;

namespace {

std::string file_text(const std::string& path)
{
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// "a, b", without those that a reload is enough for.
std::string joined(const std::vector<std::string_view>& names)
{
    std::string all;
    for (const auto name : names)
        all.append(all.empty() ? "" : ", ").append(name);
    return all;
}

std::string differences(const daemon_config& a, const daemon_config& b)
{
    const auto changes = changes_between(a, b);
    return joined(changes.at_restart) + "; " + joined(changes.at_reload);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_text_suite)

BOOST_AUTO_TEST_CASE(the_sample_is_the_one_in_the_documents)
{
    BOOST_TEST((file_text(AIFLOW_DOCS "/aiflowd.toml") == sample_config()),
               "docs/aiflowd.toml is not what aiflow-config-docs writes; run build/dev/tools/"
               "aiflow-config-docs sample >docs/aiflowd.toml");
}

BOOST_AUTO_TEST_CASE(the_sample_is_the_defaults)
{
    BOOST_TEST(differences(config_of(sample_config()), daemon_config{}) == "; rules.file");
}

BOOST_AUTO_TEST_CASE(each_default_in_the_sample_can_be_uncommented)
{
    // In one after the other, and in all at once.
    const std::regex commented("\n#([a-z_]+ = )");
    const std::string sample = sample_config();
    std::size_t count = 0;
    for (std::sregex_iterator i(sample.begin(), sample.end(), commented), end; i != end; ++i) {
        std::string text = sample;
        text.erase(static_cast<std::size_t>(i->position()) + 1, 1);
        BOOST_TEST(differences(config_of(text), daemon_config{}) == "; rules.file", i->str());
        ++count;
    }
    BOOST_TEST(count == config_keys().size() - 3);  // mode, handler.type and rules.file are given
    const auto all = config_of(std::regex_replace(sample, commented, "\n$1"));
    BOOST_TEST(all.source.lines.size() == config_keys().size() + config_sections().size());
    BOOST_TEST(differences(all, daemon_config{}) == "; rules.file");
}

BOOST_AUTO_TEST_CASE(what_is_in_effect_can_be_read_again)
{
    const auto config = with_rules("mode = \"both\"\nconnect.url = \"wss://a/b\"\n"
                                   "connect.token_file = \"credential:c\"\nlisten.port = 1\n"
                                   "sms.retry_delays = [\"1s\", \"90s\"]\n"
                                   "handler.apology = \"Sorry \\\"äöü\\\"\"");
    const std::string text = effective_config(config);
    BOOST_TEST(differences(config_of(text), config) == "; ");
    for (const std::string_view line :
         {"mode = \"both\"\n", "\n[connect]\nurl = \"wss://a/b\"\n", "\nport = 1\n",
          "\ntoken_file = \"credential:c\"\n", "\naddress = \"127.0.0.1\"  # default\n",
          "\nretry_delays = [\"1s\", \"90s\"]\n", "\nfile = \"/etc/aiflowd/rules.toml\"\n"})
        BOOST_TEST(text.find(line) != std::string::npos, line);
}

BOOST_AUTO_TEST_CASE(what_is_in_effect_does_not_show_the_query_of_a_URL)
{
    const std::string text = effective_config(
        with_rules("mode = \"connect\"\nconnect.url = \"wss://a/b?token=s3cret\""));
    BOOST_TEST(text.find("s3cret") == std::string::npos);
    BOOST_TEST(text.find("url = \"wss://a/b?...\"\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(fewer_attempts_than_the_default_has_delays_for_can_be_read_again)
{
    const auto config = with_rules("sms.max_attempts = 1");
    BOOST_TEST(differences(config_of(effective_config(config)), config) == "; ");
}

BOOST_AUTO_TEST_CASE(the_manual_has_every_key)
{
    const std::string manual = config_manual();
    for (const config_key& key : config_keys())
        BOOST_TEST(manual.find(".TP\n.B \"" + std::string(key.last_name()) + "\"\n") !=
                       std::string::npos,
                   key.name);
    for (const config_section& s : config_sections())
        BOOST_TEST(manual.find(".SS \"[" + std::string(s.name) + "]\"\n") != std::string::npos,
                   s.name);
    // Only requests begin with a dot, and none with an apostrophe; a backslash is an escape.
    const std::regex request("\\.(\\\\\"|TH|SH|SS|TP|PP|B|br)( .*)?");
    std::istringstream lines(manual);
    for (std::string line; std::getline(lines, line);) {
        BOOST_TEST((!line.empty() && line.front() != '\''), line);
        BOOST_TEST((line.front() != '.' || std::regex_match(line, request)), line);
    }
}

BOOST_AUTO_TEST_CASE(facts)
{
    const std::pair<std::string_view, std::string_view> table[] = {
        {"mode", "\"listen\", \"connect\" or \"both\"."},
        {"listen.port", "A whole number, 0 to 65535."},
        {"session.grace", "A duration, 0ms to 1h."},
        {"webhook.max_connections", "A whole number of connections, 1 to 10000. A change takes "
                                    "effect at a reload."},
        {"rules.file", "A path. Such as \"rules.toml\". Required with `handler.type = \"rules\"`. "
                       "A change takes effect at a reload."}};
    for (const auto& [name, text] : table)
        BOOST_TEST(key_facts(*find_config_key(name)) == text);
}

BOOST_AUTO_TEST_CASE(changes_are_told_apart)
{
    const auto running = with_rules("");
    BOOST_TEST(changes_between(running, with_rules("")).empty());
    const auto wanted = with_rules("listen.port = 1\nlisten.token_files = [\"a\"]\n"
                                   "log.level = \"debug\"\nwebhook.timeout = \"9s\"\n"
                                   "sms.retry = false");
    const auto changes = changes_between(running, wanted);
    BOOST_TEST(joined(changes.at_restart) == "listen.port, sms.retry");
    BOOST_TEST(joined(changes.at_reload) == "listen.token_files, webhook.timeout, log.level");
}

BOOST_AUTO_TEST_CASE(what_may_change_is_taken_over)
{
    auto running = with_rules("listen.port = 1");
    const auto wanted = with_rules("listen.port = 2\nlog.level = \"debug\"");
    take_live(running, wanted);
    BOOST_TEST(running.listen.port == 1u);
    BOOST_TEST((running.log.level == log_level::debug));
    BOOST_TEST(differences(running, wanted) == "listen.port; ");
    BOOST_TEST(running.source.lines.contains("log.level"));
}

// What is live is part of what the operators are told; a change of it should be meant.
BOOST_AUTO_TEST_CASE(what_a_reload_changes)
{
    std::string live;
    for (const config_key& key : config_keys())
        if (key.change == key_change::at_reload && key.section() != "webhook")
            live.append(key.name).append(" ");
    BOOST_TEST(live == "listen.token_files handler.show_all_failures handler.apology rules.file "
                       "pipe.command pipe.directory pipe.restart_initial pipe.restart_max "
                       "pipe.write_timeout pipe.stop_timeout log.level ");
    for (const config_key& key : config_keys())
        BOOST_TEST((key.section() != "webhook" || key.change == key_change::at_reload), key.name);
}

BOOST_AUTO_TEST_SUITE_END()
