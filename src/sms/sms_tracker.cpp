#include "sms/sms_tracker.hpp"

#include <utility>

namespace aiflow {

namespace {

using namespace std::chrono_literals;

// Before a connection or an outbox that has just refused is asked again.
constexpr auto refusal_pause = 1s;

}  // namespace

sms_tracker::sms_tracker(sms_rules rules, std::uint64_t seed, note_filter reads)
    : rules_(std::move(rules)), reads_(std::move(reads)), random_(seed), breaker_(rules_),
      account_(rules_.account_refusal), limits_(rules_)
{
}

sms_message* sms_tracker::find(sms_id id)
{
    const auto found = messages_.find(id.value);
    return found == messages_.end() ? nullptr : found->second.get();
}

// The message, if that attempt is its latest and is in flight.
sms_message* sms_tracker::find_attempt(const sms_attempt_key& key)
{
    auto* const m = find(key.id);
    return m && m->in_flight() && m->attempt() == key.attempt ? m : nullptr;
}

void sms_tracker::stored(sms_moment at, sms_id id, unsigned step, error_code result)
{
    begin(at);
    if (result)
        ++counted_.storage_errors;
    auto* const m = find(id);
    if (!m || step == 0 || m->step != step)
        return;
    switch (m->phase) {
    case sms_phase::recording:
        if (result)
            return reject(*m, result);
        ++counted_.accepted;
        note(sms_command::note::about::accepted, *m);
        make_ready(*m, sms_state::accepted, m->accepted);
        consider(*m);
        // One that goes out at once is answered behind its frame: what its sender does next, a
        // hangup for instance, must not overtake it.
        if (m->phase != sms_phase::preparing)
            answer(*m, {});
        return;
    case sms_phase::noting:
        // Also when that failed: `sending` has to be stored before anything is written.
        m->phase = sms_phase::ready;
        return consider(*m);
    case sms_phase::preparing:
        return result ? withdraw(*m, refusal_pause) : transmit(*m);
    default:
        return;  // decided otherwise meanwhile
    }
}

void sms_tracker::not_transmitted(sms_moment at, const sms_attempt_key& key)
{
    begin(at);
    if (auto* const m = find_attempt(key))
        withdraw(*m, refusal_pause);
}

void sms_tracker::written(sms_moment at, const sms_attempt_key& key)
{
    begin(at);
    auto* const m = find_attempt(key);
    if (!m || m->record.state != sms_state::sending)
        return;
    m->record.state = sms_state::written;
    m->record.attempts.back().written = true;
    listen(*m);
}

void sms_tracker::not_written(sms_moment at, const sms_attempt_key& key, bool touched)
{
    begin(at);
    auto* const m = find_attempt(key);
    if (!m || m->record.state != sms_state::sending)
        return;
    if (!touched)
        return withdraw(*m, {});
    m->unheard = true;
    m->lost = true;
    const bool may_repeat = m->record.options.duplicate_ok && !m->repeated;
    const bool later = may_repeat && m->session->state == sms_session::link::gone;
    if (!later && !(m->session->state == sms_session::link::up && repeat_lost(*m)))
        settle(*m, sms_state::unobserved);
}

void sms_tracker::handed_off(sms_moment at, const sms_attempt_key& key)
{
    begin(at);
    auto* const m = find_attempt(key);
    if (!m || m->record.state == sms_state::handed_off)
        return;
    // The pong may be read before the end of the write is.
    m->record.state = sms_state::handed_off;
    m->record.attempts.back().written = true;
    m->record.attempts.back().handed_off = true;
    counted_.hand_off_time.add(at.now - m->last_frame);
    store(*m, outbox::durability::soon);
    listen(*m);
}

bool sms_tracker::cancel(sms_moment at, sms_id id)
{
    begin(at);
    auto* const m = find(id);
    if (!m || m->rest == sms_state::written)
        return false;
    if (m->phase != sms_phase::ready && m->phase != sms_phase::noting &&
        m->phase != sms_phase::preparing)
        return false;
    give_up(*m, sms_state::cancelled);
    return true;
}

void sms_tracker::tick(sms_moment at)
{
    begin(at);
    while (auto* due = deadlines_.take_due(at.now)) {
        if (!due->is_message()) {
            end_session(static_cast<sms_session&>(*due));
            continue;
        }
        auto& m = static_cast<sms_message&>(*due);
        if (m.phase == sms_phase::ready)
            consider(m);
        else if (m.in_flight())
            settle(m, m.listening ? sms_state::assumed_sent : sms_state::unobserved);
        else if (m.phase == sms_phase::settled)
            forget(m);
    }
    run_probes();
    limits_.forget_old(at.now);
    refs_.forget_old(at.now);
}

std::optional<clock::time_point> sms_tracker::next_deadline() const
{
    if (stopping_)
        return std::nullopt;
    auto next = deadlines_.next();
    const auto also = [&next](std::optional<clock::time_point> other) {
        if (other && (!next || *other < *next))
            next = other;
    };
    if (!behind_breaker_.empty())
        also(breaker_.next_probe());
    also(limits_.next_forgetting());
    also(refs_.next_forgetting());
    return next;
}

void sms_tracker::stop(sms_moment at)
{
    begin(at);
    stopping_ = true;
    for (auto& [id, m] : messages_) {
        if (m->in_flight())
            settle(*m, sms_state::unobserved);
        else if (m->phase == sms_phase::preparing)
            withdraw(*m, {});
    }
}

std::optional<sms_to_do> sms_tracker::next_command()
{
    if (handed_out_ == to_do_.size())
        return std::nullopt;
    std::optional<sms_to_do> next(std::move(to_do_[handed_out_++]));
    if (handed_out_ == to_do_.size()) {
        to_do_.clear();
        handed_out_ = 0;
    }
    return next;
}

bool sms_tracker::has_open(std::string_view session_id) const
{
    const auto* const s = sessions_.find(session_id);
    return s && s->open > 0;
}

bool sms_tracker::knows(sms_id id) const
{
    return messages_.contains(id.value) || refs_.outcome(id).has_value();
}

std::optional<sms_outcome> sms_tracker::outcome(sms_id id) const
{
    const auto found = messages_.find(id.value);
    if (found == messages_.end())
        return refs_.outcome(id);
    const auto& m = *found->second;
    return m.open() ? std::nullopt : std::optional(m.record.outcome);
}

sms_statistics sms_tracker::statistics() const
{
    auto now = counted_;
    now.open = open_;
    for (const auto& [id, m] : messages_) {
        if (m->phase == sms_phase::settled || m->in_flight())
            continue;
        ++(m->rest == sms_state::accepted ? now.held : now.waiting_retry);
    }
    now.breaker_open = breaker_.open();
    now.account_refused = account_.refusing();
    return now;
}

sms_tracker::footprint sms_tracker::remembered() const noexcept
{
    return {messages_.size(), sessions_.size(), deadlines_.size(), limits_.numbers()};
}

void sms_tracker::store(sms_message& m, outbox::durability when)
{
    const bool awaited = when == outbox::durability::before_completion;
    if (awaited)
        ++m.step;
    to_do_.emplace_back(sms_command::store{m.record.id, when, awaited ? m.step : 0});
}

void sms_tracker::answer(sms_message& m, checked<void> result)
{
    if (std::exchange(m.unanswered, false))
        to_do_.emplace_back(sms_command::answer{m.record.id, std::move(result)});
}

void sms_tracker::note(sms_command::note::about what, const sms_message& m, std::string_view detail,
                       std::chrono::milliseconds in)
{
    if (reads_ && !reads_(what))
        return;
    sms_command::note n;
    n.what = what;
    n.sms = to_string(m.record.id);
    n.session = m.session->id;
    n.to = masked(m.record.recipient);
    n.attempt = m.attempt();
    n.reason = m.record.outcome.reason_text;
    n.detail = detail;
    n.in = in;
    to_do_.emplace_back(std::move(n));
}

// The breaker learns from the first of the held messages that can go.
void sms_tracker::run_probes()
{
    while (!behind_breaker_.empty() && breaker_.may_pass(at_.now))
        consider(*behind_breaker_.begin()->second);
}

void sms_tracker::close_breaker()
{
    if (!breaker_.open())
        return;
    breaker_.close();
    sms_command::note n;
    n.what = sms_command::note::about::breaker_closed;
    to_do_.emplace_back(std::move(n));
    run_probes();
}

}  // namespace aiflow
