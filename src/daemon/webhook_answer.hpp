#pragma once

#include "aiflow/action.hpp"
#include "aiflow/error.hpp"
#include "transport/http_answer_reader.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace aiflow {

/// What a web app has said about one event.
struct webhook_answer {
    enum class meaning : unsigned char {
        nothing,    ///< no action
        actions,    ///< `actions`; those in `problems` could not be read
        no_action,  ///< a success whose body is none, such as {"success":true}; `problems` says why
        failure,    ///< another status than 2xx
    };

    meaning what = meaning::nothing;
    std::vector<action> actions = {};
    std::vector<problem> problems = {};
    std::vector<problem> refused_sms = {};  ///< of a `send_sms`; among `problems`, too
    std::optional<problem> ignored = {};    ///< a member that is not known and was left out
};

/// Reads an answer as AI Flow would (protocol.md 1.4 and 7.3).
webhook_answer interpret(const received_answer& answer, std::string_view session_id);

}  // namespace aiflow
