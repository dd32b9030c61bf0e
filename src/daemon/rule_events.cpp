#include "daemon/rule_events.hpp"

#include "text/toml_section.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace aiflow {

namespace {

constexpr std::array<std::string_view, 8> event_names{
    "session_start",      "user_speak",      "user_barge_in",
    "dtmf_received",      "assistant_speak", "assistant_speech_ended",
    "user_input_timeout", "sms_failed"};

struct value_of_event {
    std::string_view event;
    event_value value;
};

constexpr std::array<value_of_event, 7> event_values{{{"session_start", event_value::resumed},
                                                      {"user_speak", event_value::text},
                                                      {"user_speak", event_value::barged_in},
                                                      {"user_barge_in", event_value::text},
                                                      {"dtmf_received", event_value::digit},
                                                      {"assistant_speak", event_value::text},
                                                      {"sms_failed", event_value::sms}}};

}  // namespace

std::span<const std::string_view> rule_event_names() noexcept
{
    return event_names;
}

bool has_value(std::string_view type, event_value v) noexcept
{
    return std::any_of(event_values.begin(), event_values.end(), [&](const value_of_event& each) {
        return each.event == type && each.value == v;
    });
}

std::string events_with(event_value v)
{
    std::vector<std::string_view> found;
    for (const value_of_event& each : event_values) {
        if (each.value == v)
            found.push_back(each.event);
    }
    return list_of(found);
}

}  // namespace aiflow
