#pragma once

#include "aiflow/event.hpp"
#include "aiflow/sms.hpp"

#include <map>
#include <optional>
#include <string>

namespace aiflow {

/// Decides which failures of a call's SMS its bot is shown: each SMS that failed, once, when that
/// is final. A bot written for AI Flow alone so needs to know nothing of retries.
class sms_failure_filter {
public:
    /// `show_all`: every `sms_failed` as it comes, as AI Flow alone would send it; what only
    /// aiflow can know (an SMS that expired) is shown all the same.
    explicit sms_failure_filter(bool show_all) : show_all_(show_all) {}

    /// The bot's SMS was accepted.
    void accepted(sms_id id, std::string recipient);

    /// What to show when a failure comes.
    std::optional<sms_failed> failed(const sms_failure& f);

    /// What to show when an SMS has ended.
    std::optional<sms_failed> ended(const sms_outcome& o);

    /// What to show for an SMS that was refused at once; nothing when an earlier one with the same
    /// text is on its way.
    static std::optional<sms_failed> refused(const std::string& recipient, const problem& why);

private:
    bool show_all_;
    std::map<sms_id, std::string> open_;      // recipients
    std::map<sms_id, sms_failed> held_back_;  // the last failure, which is going to be retried
};

}  // namespace aiflow
