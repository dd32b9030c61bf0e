#pragma once

#include "aiflow/action.hpp"
#include "aiflow/event.hpp"
#include "aiflow/time_histogram.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

namespace aiflow {

/// The types of events, in the order of `event`; what is not known is "other", so that a service
/// that invents types does not invent metrics.
inline constexpr std::array<std::string_view, std::variant_size_v<event>> event_types{
    "session_start",
    "user_speech_started",
    "user_speak",
    "user_barge_in",
    "dtmf_received",
    "assistant_speak",
    "assistant_speech_ended",
    "user_input_timeout",
    "sms_failed",
    "session_end",
    "other"};

/// The types of actions, in the order of `action`.
inline constexpr std::array<std::string_view, std::variant_size_v<action>> action_types{
    "speak",
    "audio",
    "mix_audio",
    "hangup",
    "transfer",
    "barge_in",
    "configure_transcription",
    "configure_voice_to_voice",
    "send_sms"};

/// What happened in all calls since the start, by type; indexed as the names above.
struct call_counts {
    std::array<std::uint64_t, event_types.size()> events{};
    std::array<time_histogram, event_types.size()> handled{};
    std::array<std::uint64_t, action_types.size()> actions{};
    std::array<std::uint64_t, action_types.size()> refused{};
};

}  // namespace aiflow
