// What an `sms_failed` makes of a message (reliability.md 3.2, 3.3).

#include "sms/sms_matching.hpp"
#include "sms/sms_tracker.hpp"

#include "aiflow/log.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

namespace {

using about = sms_command::note::about;

// What the service says is kept, but not without a limit.
constexpr std::size_t reason_limit = 128;

}  // namespace

sms_failure sms_tracker::failed(sms_moment at, std::string_view session_id, const sms_failed& e)
{
    begin(at);
    sms_failure result;
    result.event = e;
    ++counted_.by_reason[static_cast<std::size_t>(e.why())];
    sms_matching found;
    if (auto* const s = sessions_.find(session_id))
        found = match_failure(s->messages, e.recipient, at.now, rules_.late_limit);
    result.match = found.kind;
    if (found.kind == sms_match::orphan) {
        ++counted_.orphans;
        sms_command::note n;
        n.what = about::orphan;
        n.session = session_id;
        n.to = masked(e.recipient);
        n.reason = e.reason;
        n.detail = e.message;
        to_do_.emplace_back(std::move(n));
        return result;
    }
    count_failure(e, *found.candidates.front());
    if (found.kind == sms_match::ambiguous) {
        ++counted_.ambiguous;
        report_ambiguous(found.candidates, e);
        return result;
    }
    take_failure(*found.candidates.front(), e, result);
    return result;
}

// What the failure says about the SMS centre and the account, whichever message it was.
void sms_tracker::count_failure(const sms_failed& e, const sms_message& first)
{
    const auto why = e.why();
    if (why == sms_reason::smsc_unavailable && breaker_.failure(at_.now, first.record.recipient)) {
        ++counted_.breaker_openings;
        sms_command::note n;
        n.what = about::breaker_open;
        n.reason = e.reason;
        to_do_.emplace_back(std::move(n));
    }
    if (is_account_level(why) && account_.refuse(at_.now, why, e.reason)) {
        sms_command::note n;
        n.what = about::account_refused;
        n.reason = e.reason;
        n.detail = e.message;
        to_do_.emplace_back(std::move(n));
    }
}

// It may have been any of them, so none is retried, and each says so in its outcome.
void sms_tracker::report_ambiguous(const std::vector<sms_message*>& candidates, const sms_failed& e)
{
    std::string ids;
    for (const auto* m : candidates)
        ids += (ids.empty() ? "" : " ") + to_string(m->record.id);
    sms_command::note n;
    n.what = about::ambiguous;
    n.sms = std::move(ids);
    n.session = candidates.front()->session->id;
    n.to = masked(candidates.front()->record.recipient);
    n.reason = e.reason;
    n.detail = e.message;
    to_do_.emplace_back(std::move(n));

    for (auto* m : candidates) {
        auto& o = m->record.outcome;
        const bool news = !std::exchange(o.ambiguous, true);
        o.reason = e.why();
        o.reason_text = printable(e.reason, reason_limit);
        if (news && !m->open())
            report(*m);
    }
}

void sms_tracker::take_failure(sms_message& m, const sms_failed& e, sms_failure& result)
{
    const auto why = e.why();
    auto& s = *m.session;
    if (m.open() && !m.in_flight())
        drop_repetition(m);
    counted_.failure_latency.add(at_.now - m.last_frame);

    auto& o = m.record.outcome;
    o.reason = why;
    o.reason_text = printable(e.reason, reason_limit);
    m.record.attempts.back().reason = o.reason_text;
    result.id = m.record.id;
    result.attempt = m.attempt();

    if (m.open()) {
        ++counted_.matched;
    } else {
        ++counted_.late;
        note(about::late, m, e.message);
        ++open_;
        ++s.open;
        if (s.state == sms_session::link::over)
            note_open_end(s);
    }
    m.phase = sms_phase::noting;
    m.rest = sms_state::waiting_retry;
    m.listening = false;
    m.shared = false;
    deadlines_.clear(m);
    if (why == sms_reason::smsc_unavailable)
        m.probe = false;  // the breaker stays open

    const bool retryable = why == sms_reason::smsc_unavailable && m.record.options.retry &&
                           m.attempt() < rules_.max_attempts;
    const auto delay = retryable ? retry_delay(m.attempt()) : clock::duration{0};
    m.due = at_.now + delay;
    if (retryable && s.state == sms_session::link::over) {
        settle(m, sms_state::abandoned);
    } else if (!retryable || m.due >= m.expires || !promise_frame(m)) {
        settle(m, sms_state::failed);
    } else {
        make_ready(m, sms_state::waiting_retry, m.due);
        m.phase = sms_phase::noting;
        m.record.state = sms_state::waiting_retry;
        m.record.due = at_.wall + std::chrono::duration_cast<clock::wall_time::duration>(delay);
        m.record.settled_at = {};
        store(m, outbox::durability::before_completion);
        result.will_retry = true;
        result.retry_in = std::chrono::duration_cast<std::chrono::milliseconds>(delay);
        note(about::retry, m, e.message, result.retry_in);
    }
    number_freed(m);
}

clock::duration sms_tracker::retry_delay(unsigned attempt)
{
    const auto& delays = rules_.retry_delays;
    const auto delay = delays[std::min<std::size_t>(attempt, delays.size()) - 1];
    std::uniform_real_distribution<double> jitter(1.0 - rules_.retry_jitter,
                                                  1.0 + rules_.retry_jitter);
    return std::chrono::duration_cast<clock::duration>(
        std::chrono::duration<double, std::milli>(delay) * jitter(random_));
}

}  // namespace aiflow
