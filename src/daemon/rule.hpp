#pragma once

#include "aiflow/action.hpp"
#include "aiflow/event.hpp"
#include "daemon/rule_template.hpp"
#include "daemon/text_pattern.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The rules of a file, checked. Plain data.
namespace aiflow {

/// `say`, `say_ssml`
struct say_action {
    speak frame = {};  ///< all but the words
    rule_template words = {};
    bool ssml = false;
};

/// `send_sms`
struct sms_action {
    rule_template to = {};
    rule_template message = {};
};

/// `transfer`
struct transfer_action {
    rule_template target = {};
    std::optional<rule_template> caller_id_name = {};    ///< else the number
    std::optional<rule_template> caller_id_number = {};  ///< else the number of the call
    std::optional<int> timeout_seconds = {};
};

/// `configure_voice_to_voice`
struct model_action {
    configure_voice_to_voice frame = {};  ///< all but the words
    rule_template system_prompt = {};
    rule_template greeting = {};
};

/// Whatever has no words: goes out as it is.
struct fixed_action {
    action frame = {};
    std::chrono::milliseconds plays_for{0};
};

using rule_action =
    std::variant<say_action, sms_action, transfer_action, model_action, fixed_action>;

/// What is to be done about which events. A criterion that is absent or empty takes everything.
struct rule {
    std::vector<std::string> on = {};  ///< types of events
    std::optional<text_pattern> text = {};
    std::vector<std::string> digits = {};
    std::vector<std::string> reasons = {};
    std::vector<std::string> called = {};  ///< digits
    std::optional<call_direction> direction = {};
    std::optional<bool> withheld = {};  ///< whether the human's number is not known
    std::optional<bool> resumed = {};
    std::optional<bool> barged_in = {};
    std::optional<unsigned> at_most = {};  ///< times in one call
    std::vector<rule_action> actions = {};
    std::optional<rule_action> after_speech = {};  ///< when nothing is being said any more
    std::size_t line = 0;                          ///< in the file
};

}  // namespace aiflow
