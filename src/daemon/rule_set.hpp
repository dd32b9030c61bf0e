#pragma once

#include "daemon/plan_action.hpp"
#include "daemon/rule.hpp"

#include <optional>
#include <vector>

namespace aiflow {

/// How often the rules of one set have been carried out in one call.
using rule_counts = std::vector<unsigned>;

/// An action that could not be made of what the event brought.
struct skipped_action {
    bool is_sms = false;
    problem why;  ///< repeats no value
};

/// What is to be done about an event.
struct rule_outcome {
    std::size_t line = 0;  ///< of the rule, in the file
    std::vector<planned_action> actions = {};
    std::optional<planned_action> after_speech = {};  ///< when nothing is being said any more
    std::vector<skipped_action> skipped = {};
};

/// Decides what is done about an event: the first rule that matches, and no other one.
///
/// Thread safety: may be used by several threads at a time, not with the same counts.
class rule_set {
public:
    explicit rule_set(std::vector<rule> rules) : rules_(std::move(rules)) {}

    std::size_t size() const noexcept { return rules_.size(); }

    /// The first rule that matches, with the event's values in its actions. Nothing if none does.
    /// `counts` belongs to the call and to this set; it begins empty.
    std::optional<rule_outcome> choose(const incoming_event& e, rule_counts& counts) const;

private:
    std::vector<rule> rules_;
};

}  // namespace aiflow
