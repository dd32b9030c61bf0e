#pragma once

#include "aiflow/action.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The wire's spelling of the enumerations in actions, for both directions.
namespace aiflow {

template <class Enum, std::size_t N>
using name_table = std::array<std::pair<std::string_view, Enum>, N>;

/// protocol.md 4.9.1
inline constexpr name_table<barge_in_strategy, 4> strategy_names{{
    {"none", barge_in_strategy::none},
    {"manual", barge_in_strategy::manual},
    {"minimum_characters", barge_in_strategy::minimum_characters},
    {"immediate", barge_in_strategy::immediate},
}};

/// protocol.md 4.7; upper case, unlike the providers of `tts`
inline constexpr name_table<stt_provider, 3> stt_provider_names{{
    {"AZURE", stt_provider::azure},
    {"DEEPGRAM", stt_provider::deepgram},
    {"ELEVEN_LABS", stt_provider::eleven_labs},
}};

/// protocol.md 4.9.2
inline constexpr std::string_view azure_name = "azure";
inline constexpr std::string_view eleven_labs_name = "eleven_labs";

/// "" for a value that is none of the enumeration's.
template <class Enum, std::size_t N>
constexpr std::string_view name_in(const name_table<Enum, N>& table, Enum value) noexcept
{
    for (const auto& [name, candidate] : table) {
        if (candidate == value)
            return name;
    }
    return "";
}

template <class Enum, std::size_t N>
constexpr std::optional<Enum> value_in(const name_table<Enum, N>& table,
                                       std::string_view text) noexcept
{
    for (const auto& [name, value] : table) {
        if (name == text)
            return value;
    }
    return std::nullopt;
}

/// "a, b or c", for messages.
template <class Enum, std::size_t N>
std::string choices(const name_table<Enum, N>& table)
{
    std::string text;
    for (std::size_t i = 0; i < N; ++i) {
        if (i != 0)
            text += i + 1 == N ? " or " : ", ";
        text += table[i].first;
    }
    return text;
}

}  // namespace aiflow
