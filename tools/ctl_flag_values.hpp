#pragma once

#include <CLI/Option.hpp>

#include <cstddef>
#include <span>
#include <string_view>

/// Which values the flags of aiflowctl take. What the daemon would refuse is a wrong command line.

/// Only one of these words.
void allow_words(CLI::Option* option, std::span<const std::string_view> words);

/// Only a whole number from 1 to `max`.
void allow_count(CLI::Option* option, std::size_t max);

/// Only a state of SMS. Spaces may stand for underscores, as they do where states are shown.
void allow_sms_states(CLI::Option* option);
