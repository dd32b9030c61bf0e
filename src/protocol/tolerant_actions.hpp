#pragma once

#include "aiflow/action.hpp"
#include "aiflow/error.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace aiflow {

/// What a bot that was not written for us has said for one session.
struct tolerant_actions {
    std::vector<action> actions = {};
    std::vector<problem> problems = {};     ///< of each that is no action, with its place
    std::vector<problem> refused_sms = {};  ///< of a `send_sms`; among `problems`, too
    std::optional<problem> ignored = {};    ///< the first member that is not known and was left out
};

/// Reads an action or an array of actions as the service itself would, as far as that is known: a
/// member that is null is absent, one that is not known is left out, an action without
/// `session_id` is for this session, and one that cannot be read does not spoil the others. One
/// for another session is a problem. Values are held to their ranges as by `decode_actions`.
tolerant_actions decode_actions_of(std::string_view session_id, std::string_view json);

}  // namespace aiflow
