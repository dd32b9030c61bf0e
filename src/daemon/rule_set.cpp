#include "daemon/rule_set.hpp"

#include <algorithm>

namespace aiflow {

namespace {

// Nobody says more in one turn. It bounds what patterns look at, and what is put into actions.
constexpr std::size_t longest_text = std::size_t{64} * 1024;

std::string_view bounded(std::string_view text)
{
    if (text.size() <= longest_text)
        return text;
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;  // within a character of UTF-8
    return text.substr(0, end);
}

placeholder_values values_of(const incoming_event& e)
{
    placeholder_values v;
    v.session = &e.session;
    if (const auto human = e.session.human())
        v.caller = human->digits();
    if (const auto* s = std::get_if<user_speak>(&e.event))
        v.text = bounded(s->text);
    else if (const auto* b = std::get_if<user_barge_in>(&e.event))
        v.text = bounded(b->text);
    else if (const auto* a = std::get_if<assistant_speak>(&e.event))
        v.text = bounded(a->text);
    else if (const auto* d = std::get_if<dtmf_received>(&e.event))
        v.digit = d->digit;
    else if (const auto* f = std::get_if<sms_failed>(&e.event)) {
        v.sms_recipient = f->recipient;
        v.sms_reason = f->reason;
    }
    return v;
}

template <class Strings>
bool holds(const Strings& all, std::string_view one)
{
    return std::find(all.begin(), all.end(), one) != all.end();
}

bool call_matches(const rule& r, const session_info& call, bool withheld)
{
    return (!r.direction || *r.direction == call.directed()) &&
           (r.called.empty() || holds(r.called, comparable_digits(call.to_phone_number))) &&
           (!r.withheld || *r.withheld == withheld);
}

bool event_matches(const rule& r, const event& e, const placeholder_values& v)
{
    if (!holds(r.on, type_name(e)))
        return false;
    const auto* start = std::get_if<session_start>(&e);
    const auto* said = std::get_if<user_speak>(&e);
    return (r.digits.empty() || holds(r.digits, v.digit)) &&
           (r.reasons.empty() || holds(r.reasons, v.sms_reason)) &&
           (!r.resumed || (start != nullptr && start->resumed == *r.resumed)) &&
           (!r.barged_in || (said != nullptr && said->barged_in == *r.barged_in));
}

rule_outcome plan(const rule& r, const placeholder_values& v)
{
    rule_outcome chosen;
    chosen.line = r.line;
    for (const rule_action& a : r.actions) {
        if (auto planned = plan_action(a, v))
            chosen.actions.push_back(std::move(*planned));
        else
            chosen.skipped.push_back({std::holds_alternative<sms_action>(a), planned.error()});
    }
    if (r.after_speech) {
        if (auto planned = plan_action(*r.after_speech, v))
            chosen.after_speech = std::move(*planned);
        else
            chosen.skipped.push_back({false, planned.error()});
    }
    return chosen;
}

}  // namespace

std::optional<rule_outcome> rule_set::choose(const incoming_event& e, rule_counts& counts) const
{
    auto values = values_of(e);
    counts.resize(rules_.size());
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        const rule& r = rules_[i];
        if (r.at_most && counts[i] >= *r.at_most)
            continue;
        if (!call_matches(r, e.session, values.caller.empty()) ||
            !event_matches(r, e.event, values))
            continue;
        if (r.text && !r.text->search(values.text, values.groups))
            continue;
        ++counts[i];
        return plan(r, values);
    }
    return std::nullopt;
}

}  // namespace aiflow
