#pragma once

#include "daemon/call_counts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace aiflow {

/// The kinds of lines of `GET /v1/tail`.
inline constexpr std::array<std::string_view, 5> tail_kinds{"opened", "event", "action", "outcome",
                                                            "closed"};

/// What a watcher may choose: kinds of lines, and types of events and actions. An event of a type
/// that is not known here has its kind only.
inline constexpr auto tail_types = [] {
    constexpr std::size_t known_events = event_types.size() - 1;  // all but "other"
    std::array<std::string_view, tail_kinds.size() + known_events + action_types.size()> all{};
    auto* to = std::copy(tail_kinds.begin(), tail_kinds.end(), all.begin());
    to = std::copy_n(event_types.begin(), known_events, to);
    std::copy(action_types.begin(), action_types.end(), to);
    return all;
}();

}  // namespace aiflow
