#pragma once

#include "text/toml_section.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Values that the files of rules have and others have not.
namespace aiflow {

/// The texts at `key`, which is one text or an array of them. Empty when it is absent or wrong;
/// an array without any is wrong.
std::vector<std::string> read_texts(const toml_section& at, const toml::table& table,
                                    std::string_view key);

/// The duration at `key` if it is in the range.
std::optional<std::chrono::milliseconds> read_time(const toml_section& at, std::string_view key,
                                                   std::chrono::milliseconds least,
                                                   std::chrono::milliseconds most);

/// The same, which has to be whole seconds.
std::optional<int> read_seconds(const toml_section& at, std::string_view key,
                                std::chrono::seconds least, std::chrono::seconds most);

}  // namespace aiflow
