#include "sms/sms_matching.hpp"

#include "aiflow/phone_number.hpp"

#include <algorithm>

namespace aiflow {

namespace {

bool written_off(const sms_message& m)
{
    return m.phase == sms_phase::settled &&
           (m.record.state == sms_state::assumed_sent || m.record.state == sms_state::unobserved);
}

// In flight; or it was, is lost, and its repetition has not gone out yet.
bool may_fail(const sms_message& m)
{
    const bool waits = m.phase == sms_phase::ready || m.phase == sms_phase::preparing;
    return m.in_flight() || (waits && m.rest == sms_state::written);
}

bool equal_texts(const std::vector<sms_message*>& all)
{
    return std::all_of(all.begin(), all.end(), [&](const sms_message* m) {
        return m->record.text == all.front()->record.text;
    });
}

sms_matching one_of(std::vector<sms_message*> candidates, bool text_decides)
{
    if (candidates.empty())
        return {};
    if (candidates.size() > 1) {
        if (!text_decides || !equal_texts(candidates))
            return {sms_match::ambiguous, std::move(candidates)};
        auto* oldest =
            *std::min_element(candidates.begin(), candidates.end(),
                              [](auto* a, auto* b) { return a->last_frame < b->last_frame; });
        candidates.assign(1, oldest);
    }
    return {candidates.front()->open() ? sms_match::matched : sms_match::late,
            std::move(candidates)};
}

}  // namespace

sms_matching match_failure(std::span<sms_message* const> messages, std::string_view recipient,
                           clock::time_point now, clock::duration late_limit)
{
    const auto digits = comparable_digits(recipient);
    // What is no number in the form of AI Flow says nothing of which one it was (protocol.md 5.6).
    const bool any_number = phone_number::parse(digits).has_error();
    std::vector<sms_message*> waiting;
    std::vector<sms_message*> shared;
    std::vector<sms_message*> late;
    for (auto* m : messages) {
        if (!any_number && m->record.recipient != digits)
            continue;
        if (may_fail(*m))
            waiting.push_back(m);
        else if (written_off(*m) && now - m->last_frame <= late_limit)
            (m->shared ? shared : late).push_back(m);
    }
    if (!waiting.empty()) {
        // A failure may also be of one that was in flight together with these (rule 2).
        waiting.insert(waiting.end(), shared.begin(), shared.end());
        return one_of(std::move(waiting), !any_number);
    }
    // Without a number, rule f leaves nothing to choose an earlier message by.
    if (any_number)
        return {};
    late.insert(late.end(), shared.begin(), shared.end());
    return one_of(std::move(late), true);
}

}  // namespace aiflow
