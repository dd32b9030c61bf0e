#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/sms.hpp"
#include "sms/sms_message.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace aiflow {

/// Which messages an `sms_failed` can be about: one when `matched` or `late`, several when
/// `ambiguous`, none when `orphan`.
struct sms_matching {
    sms_match kind = sms_match::orphan;
    std::vector<sms_message*> candidates;
};

/// Finds out by session and number alone (reliability.md 3.2); `messages` are the session's.
/// `recipient` is as it came; without digits it counts as missing.
sms_matching match_failure(std::span<sms_message* const> messages, std::string_view recipient,
                           clock::time_point now, clock::duration late_limit);

}  // namespace aiflow
