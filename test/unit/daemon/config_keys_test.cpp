#include "config_fixture.hpp"
#include "daemon/config_keys.hpp"
#include "daemon/config_options.hpp"

#include <boost/pfr/core.hpp>

#include <algorithm>
#include <map>

using namespace aiflow;

namespace {

const void* address_of(const config_slot& slot)
{
    return std::visit([](const auto* p) -> const void* { return p; }, slot);
}

// Two different values that may be given for a key, as TOML.
std::pair<std::string, std::string> values_for(const config_key& key)
{
    const auto ms = [](std::int64_t n) { return "\"" + std::to_string(n) + "ms\""; };
    const auto least = std::to_string(key.range.least);
    const auto most = std::to_string(key.range.most);
    switch (key.kind) {
    case key_kind::text:
        if (key.name.ends_with("address"))
            return {"\"127.0.0.2\"", "\"::1\""};
        return {"\"/a\"", "\"/b \\\"ä\\\\\""};
    case key_kind::url:
        return {"\"" + std::string(key.name == "webhook.url" ? "https" : "wss") + "://a/b\"",
                "\"" + std::string(key.name == "webhook.url" ? "http" : "ws") + "://[::1]:1/\""};
    case key_kind::path:
    case key_kind::token_file:
    case key_kind::socket:
        return {"\"/a\"", "\"/b c\""};
    case key_kind::choice:
        return {toml_text(choices_of(key).front()), toml_text(choices_of(key).back())};
    case key_kind::boolean:
        return {"true", "false"};
    case key_kind::number:
    case key_kind::bytes:
        return {least, most};
    case key_kind::duration:
        return {ms(key.range.least), ms(key.range.most)};
    case key_kind::texts:
    case key_kind::token_files:
    case key_kind::command:
        return {"[\"/a\"]", "[\"/b\", \"/c\"]"};
    case key_kind::durations:
        return {"[" + ms(key.range.least) + "]",
                "[" + ms(key.range.most) + ", " + ms(key.range.least) + "]"};
    }
    return {};
}

// What else has to be given, so that a value of `key` is no contradiction.
std::string company_of(const config_key& key)
{
    static const std::map<std::string_view, std::string> others{
        {"mode", "connect.url = \"wss://a/b\"\n"},
        {"handler.type", "webhook.url = \"https://a/b\"\n"},
        {"listen.certificate_file", "listen.key_file = \"/k\"\n"},
        {"listen.key_file", "listen.certificate_file = \"/c\"\n"},
        {"connect.backoff_initial", "connect.backoff_max = \"24h\"\n"},
        {"connect.backoff_max", "connect.backoff_initial = \"10ms\"\n"},
        {"pipe.restart_initial", "pipe.restart_max = \"24h\"\n"},
        {"pipe.restart_max", "pipe.restart_initial = \"10ms\"\n"},
        {"webhook.connect_timeout", "webhook.timeout = \"1h\"\n"},
        {"webhook.timeout", "webhook.connect_timeout = \"10ms\"\n"}};
    const auto found = others.find(key.name);
    std::string text = key.name == "rules.file" ? "" : std::string(rules_line);
    // Otherwise the library would not be asked about them.
    if (key.section() == "connect")
        text += "mode = \"connect\"\n";
    if (key.section() == "connect" && key.name != "connect.url")
        text += "connect.url = \"wss://a/b\"\n";
    return text + (found == others.end() ? "" : found->second);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_keys_suite)

// The order of the members, their number and their addresses leave no room for a key that is
// missing, twice there, or in the wrong place.
BOOST_AUTO_TEST_CASE(each_member_is_one_key)
{
    daemon_config c;
    std::vector<const void*> members{&c.mode};
    const auto add = [&](auto& section) {
        boost::pfr::for_each_field(section, [&](auto& m) { members.push_back(&m); });
    };
    boost::pfr::for_each_field(c, [&](auto& section) {
        using type = std::remove_cvref_t<decltype(section)>;
        if constexpr (std::is_class_v<type> && !std::is_same_v<type, daemon_config::source_file>)
            add(section);
    });
    BOOST_TEST_REQUIRE(members.size() == config_keys().size());
    for (std::size_t i = 0; i < members.size(); ++i)
        BOOST_TEST(address_of(config_keys()[i].slot(c)) == members[i], config_keys()[i].name);
}

BOOST_AUTO_TEST_CASE(the_table_is_in_order)
{
    std::vector<std::string_view> sections{""};
    for (const config_section& s : config_sections()) {
        BOOST_TEST(s.text.ends_with('.'), s.name);
        sections.push_back(s.name);
    }
    std::size_t at = 0;
    for (const config_key& key : config_keys()) {
        const auto found = std::find(sections.begin(), sections.end(), key.section());
        BOOST_TEST_REQUIRE((found != sections.end()), key.name);
        const auto place = static_cast<std::size_t>(found - sections.begin());
        BOOST_TEST((place == at || place == at + 1), key.name);
        at = place;
        BOOST_TEST((find_config_key(key.name) == &key), key.name);
        BOOST_TEST(key.text.ends_with('.'), key.name);
    }
    BOOST_TEST(at + 1 == sections.size());
    BOOST_TEST((find_config_key("listen") == nullptr));
}

BOOST_AUTO_TEST_CASE(choices_are_in_the_order_of_their_enumerators)
{
    const auto& key = *find_config_key("log.level");
    BOOST_TEST_REQUIRE(choices_of(key).size() == 4u);
    for (const log_level l :
         {log_level::debug, log_level::info, log_level::warning, log_level::error})
        BOOST_TEST(choices_of(key)[static_cast<std::size_t>(l)] == to_string(l));
    BOOST_TEST((
        config_of("mode = \"both\"\nconnect.url = \"wss://a/\"\n" + std::string(rules_line)).mode ==
        service_mode::both));
    BOOST_TEST((config_of("handler.type = \"pipe\"\npipe.command = [\"a\"]").handler.type ==
                handler_type::pipe));
    BOOST_TEST((with_rules("log.format = \"journal\"").log.format == log_format::journal));
}

// Read, written, and read again: the bounds of numbers among them, which the library accepts too.
BOOST_AUTO_TEST_CASE(each_key_makes_the_round)
{
    for (const config_key& key : config_keys()) {
        const auto [one, other] = values_for(key);
        std::string last;
        for (std::string value : {one, other}) {
            if (key.name.ends_with("path"))
                value = value == one ? one : "\"/b\"";
            const std::string line = std::string(key.name) + " = ";
            const std::string text = line + value + "\n" + company_of(key);
            BOOST_TEST_INFO(text);
            const auto config = config_of(text);
            BOOST_TEST(config.source.lines.at(std::string(key.name)) == 1u);
            const std::string written = value_text(key, config);
            BOOST_TEST(written != last);
            last = written;
            BOOST_TEST(value_text(key, config_of(line + written + "\n" + company_of(key))) ==
                       written);
        }
    }
}

BOOST_AUTO_TEST_CASE(examples_are_right)
{
    for (const config_key& key : config_keys()) {
        if (key.example.empty())
            continue;
        const std::string text =
            std::string(key.name) + " = " + std::string(key.example) + "\n" + company_of(key);
        BOOST_TEST_INFO(text);
        BOOST_TEST(value_text(key, config_of(text)) != default_text(key));
    }
}

BOOST_AUTO_TEST_CASE(numbers_beyond_their_range_are_refused)
{
    for (const config_key& key : config_keys()) {
        if (key.kind != key_kind::number && key.kind != key_kind::bytes)
            continue;
        for (const auto n : {key.range.least - 1, key.range.most + 1})
            BOOST_TEST(problems_of(std::string(key.name) + " = " + std::to_string(n) + "\n" +
                                   std::string(rules_line)) ==
                       config_name + ":1: " + std::string(key.name) + ": is " + std::to_string(n) +
                           ", but has to be from " + std::to_string(key.range.least) + " to " +
                           std::to_string(key.range.most));
    }
}

BOOST_AUTO_TEST_CASE(text_is_quoted)
{
    BOOST_TEST(toml_text("a \"b\" \\ ä\n\x7f") == "\"a \\\"b\\\" \\\\ ä\\u000a\\u007f\"");
}

BOOST_AUTO_TEST_SUITE_END()
