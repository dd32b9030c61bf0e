#pragma once

#include "text/toml_section.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace aiflow {

/// A WAV file, as it is sent.
struct rule_audio {
    std::string base64;
    std::chrono::milliseconds duration{0};
};

/// Reads the WAV file that `key`, which is there, names; a relative path begins in `directory`.
/// Notes a problem when it cannot be played, and advice when it may sound wrong.
std::optional<rule_audio> read_audio(const toml_section& at, const toml::table& table,
                                     std::string_view key, const std::string& directory,
                                     file_problems& advice);

}  // namespace aiflow
