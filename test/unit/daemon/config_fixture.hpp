#pragma once

#include "daemon/config_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

/// What a daemon that answers by rules cannot do without; a line.
inline constexpr std::string_view rules_line = "rules.file = \"rules.toml\"\n";

inline const std::string config_name = "/etc/aiflowd/f.toml";

/// Every problem of a text, one in a line; "no problem".
inline std::string problems_of(std::string_view text)
{
    const auto config = aiflow::read_config(text, config_name);
    if (config.has_value())
        return "no problem";
    std::string all;
    for (const aiflow::file_problem& p : config.error())
        all += (all.empty() ? "" : "\n") + to_string(p);
    return all;
}

/// The configuration of a text without problems.
inline aiflow::daemon_config config_of(std::string_view text)
{
    const auto config = aiflow::read_config(text, config_name);
    BOOST_TEST_REQUIRE(config.has_value(), problems_of(text));
    return *config;
}

/// The same with what rules need.
inline aiflow::daemon_config with_rules(std::string_view text)
{
    return config_of(std::string(rules_line) + std::string(text));
}
