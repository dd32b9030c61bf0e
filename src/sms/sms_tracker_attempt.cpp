// An attempt, from its turn to its end (reliability.md 3.1, 3.3, 3.4).

#include "sms/sms_tracker.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

// Sends the message if it may go now; otherwise sees to it that it is looked at again.
void sms_tracker::consider(sms_message& m)
{
    if (m.phase != sms_phase::ready)
        return;
    behind_breaker_.erase(m.record.id);
    auto& s = *m.session;
    if (s.state == sms_session::link::over)
        return give_up(m, sms_state::abandoned);
    if (at_.now >= m.expires)
        return give_up(m, sms_state::expired);
    if (s.state != sms_session::link::up || stopping_)
        return deadlines_.set(m, m.expires);
    if (const auto* cause = account_.refuses_attempt(at_.now)) {
        m.record.outcome.reason = cause->reason;
        m.record.outcome.reason_text = cause->text;
        return give_up(m, sms_state::failed);
    }
    if (const auto when = earliest(m); when > at_.now)
        return deadlines_.set(m, std::min(when, m.expires));
    if (m.rest == sms_state::waiting_retry && rules_.retry_with_next_event && &s != answering_)
        return deadlines_.set(m, m.expires);
    if (!breaker_.may_pass(at_.now)) {
        behind_breaker_.emplace(m.record.id, &m);
        return deadlines_.set(m, m.expires);
    }
    m.probe = breaker_.open();
    if (m.probe)
        breaker_.prepare_probe(m.record.id);
    prepare(m);
}

clock::time_point sms_tracker::earliest(const sms_message& m) const
{
    auto when = std::max(m.due, limits_.free_at(m.record.recipient));
    const auto& all = m.session->messages;
    const bool number_busy = std::any_of(all.begin(), all.end(), [&m](const sms_message* other) {
        return other != &m && other->busy() && other->record.recipient == m.record.recipient;
    });
    if (number_busy && !m.flush)
        when = std::max(when, m.hold_until);
    return when;
}

// Keeps one of the session's attempts for the message, so that what is promised can be held.
bool sms_tracker::promise_frame(sms_message& m)
{
    if (m.promised)
        return true;
    if (m.session->counts.frames >= rules_.session_frames)
        return false;
    ++m.session->counts.frames;
    m.promised = true;
    return true;
}

void sms_tracker::make_ready(sms_message& m, sms_state rest, clock::time_point due)
{
    m.phase = sms_phase::ready;
    m.rest = rest;
    m.due = due;
    m.hold_until = due + rules_.hold;
}

void sms_tracker::prepare(sms_message& m)
{
    deadlines_.clear(m);
    m.phase = sms_phase::preparing;
    m.record.state = sms_state::sending;
    m.record.attempts.push_back({.number = m.attempt() + 1, .started = at_.wall});
    store(m, outbox::durability::before_completion);
}

void sms_tracker::transmit(sms_message& m)
{
    auto& s = *m.session;
    // Storing took its time: what was true when it began may not be true any more.
    if (s.state != sms_session::link::up || at_.now >= m.expires ||
        limits_.free_at(m.record.recipient) > at_.now ||
        account_.refuses_attempt(at_.now) != nullptr || !breaker_.may_go_out(m.record.id))
        return withdraw(m, {});
    if (breaker_.open())
        breaker_.probe_sent(at_.now);
    m.phase = sms_phase::in_flight;
    m.promised = false;
    m.lost = false;
    m.unheard = false;
    m.listening = false;
    m.window_left = rules_.window;
    m.last_frame = at_.now;
    m.record.outcome.after_transfer |= s.transferred;
    limits_.frame(at_.now, m.record.recipient);
    for (auto* other : s.messages) {
        if (other != &m && other->in_flight() && other->record.recipient == m.record.recipient)
            other->shared = m.shared = true;
    }
    ++counted_.attempts;
    if (m.attempt() > 1)
        ++counted_.retries;
    to_do_.emplace_back(sms_command::transmit{
        s.id,
        {m.record.id, m.attempt()},
        send_sms{phone_number::parse(m.record.recipient).value(), m.record.text}});
    answer(m, {});
}

// It is as if the attempt had never begun.
void sms_tracker::undo_attempt(sms_message& m)
{
    m.record.attempts.pop_back();
    if (std::exchange(m.probe, false))
        breaker_.probe_withdrawn(m.record.id, at_.now);
}

// Takes back an attempt that has not touched the wire: it does not count as one.
void sms_tracker::withdraw(sms_message& m, clock::duration pause)
{
    if (m.in_flight()) {
        m.promised = true;
        limits_.take_back_frame(m.last_frame, m.record.recipient);
    }
    undo_attempt(m);
    m.record.state = m.rest;
    m.phase = sms_phase::ready;
    m.due = at_.now + pause;
    m.shared = false;
    store(m, outbox::durability::soon);
    answer(m, {});
    consider(m);
    number_freed(m);
}

// Writes an attempt again that was lost without proof of hand-off; false when that is not allowed
// (reliability.md 3.5).
bool sms_tracker::repeat_lost(sms_message& m)
{
    const auto& options = m.record.options;
    if (!options.duplicate_ok || m.repeated || m.record.attempts.back().handed_off ||
        m.attempt() >= rules_.max_attempts || at_.now >= m.expires || !promise_frame(m))
        return false;
    m.repeated = true;
    m.unproven = true;
    deafen(m);
    make_ready(m, sms_state::written, at_.now);
    consider(m);
    return true;
}

// The lost attempt was heard of after all, before it was repeated.
void sms_tracker::drop_repetition(sms_message& m)
{
    behind_breaker_.erase(m.record.id);
    if (m.phase == sms_phase::preparing)
        undo_attempt(m);
    m.repeated = false;
    m.unproven = false;
}

// Lets the window run, once the frame is out and as long as a failure can be heard.
void sms_tracker::listen(sms_message& m)
{
    if (!m.in_flight() || m.listening || m.record.state == sms_state::sending ||
        !m.session->heard())
        return;
    m.listening = true;
    m.window_end = at_.now + m.window_left;
    deadlines_.set(m, m.window_end);
}

void sms_tracker::deafen(sms_message& m)
{
    if (!std::exchange(m.listening, false))
        return;
    m.window_left = std::max(m.window_end - at_.now, clock::duration{0});
    deadlines_.clear(m);
}

// Something is not in flight any more: others to the same number may have waited for that.
void sms_tracker::number_freed(const sms_message& m)
{
    const auto& all = m.session->messages;
    const auto same_number = [&m](const sms_message* other) {
        return other->record.recipient == m.record.recipient;
    };
    const bool alone = std::none_of(all.begin(), all.end(), [&](const sms_message* other) {
        return other->in_flight() && same_number(other);
    });
    for (auto* other : all) {
        if (!same_number(other))
            continue;
        if (alone)
            other->shared = false;
        if (other != &m)
            consider(*other);
    }
}

// Ends a message that is not in flight. One whose lost attempt was to be repeated may have been
// sent, so whatever stops the repetition, its end is not known.
void sms_tracker::give_up(sms_message& m, sms_state state)
{
    if (m.phase == sms_phase::preparing)
        undo_attempt(m);
    settle(m, m.rest == sms_state::written ? sms_state::unobserved : state);
}

void sms_tracker::settle(sms_message& m, sms_state state)
{
    const bool was_busy = m.busy();
    auto& s = *m.session;
    auto& o = m.record.outcome;
    answer(m, {});
    behind_breaker_.erase(m.record.id);
    if (std::exchange(m.promised, false))
        --s.counts.frames;
    m.phase = sms_phase::settled;
    m.listening = false;
    --open_;
    if (--s.open == 0)
        s.open_end.unlink();

    m.record.state = state;
    m.record.settled_at = at_.wall;
    o.id = m.record.id;
    o.client_ref = m.record.options.client_ref;
    o.state = state;
    o.attempts = m.attempt();
    o.handed_off = m.attempt() > 0 && m.record.attempts.back().handed_off;
    o.ambiguous |= m.unproven && o.failed();
    report(m);

    const bool answered = state == sms_state::failed && o.reason != sms_reason::smsc_unavailable;
    const bool probe = std::exchange(m.probe, false);
    account_.settled(m.record.id, state == sms_state::assumed_sent ||
                                      (state == sms_state::failed && !is_account_level(o.reason)));
    // Not before the commands that name it have been carried out.
    const auto kept = std::max<clock::duration>(rules_.late_limit, std::chrono::milliseconds{1});
    deadlines_.set(m, std::max(at_.now + kept, m.accepted + rules_.duplicate_window));
    if (was_busy)
        number_freed(m);
    if (probe && (state == sms_state::assumed_sent || answered))
        close_breaker();
}

// Tells the outcome, for the first time or corrected.
void sms_tracker::report(sms_message& m)
{
    auto& o = m.record.outcome;
    o.corrected = std::exchange(m.reported, true);
    if (o.corrected)
        ++counted_.corrected;
    else
        switch (o.state) {
        case sms_state::assumed_sent:
            ++counted_.assumed_sent;
            break;
        case sms_state::unobserved:
            ++counted_.unobserved;
            break;
        case sms_state::failed:
            ++counted_.failed;
            break;
        case sms_state::abandoned:
            ++counted_.abandoned;
            break;
        case sms_state::expired:
            ++counted_.expired;
            break;
        default:
            ++counted_.cancelled;
            break;
        }
    refs_.settled(o);
    store(m, outbox::durability::soon);
    using about = sms_command::note::about;
    note(o.state == sms_state::cancelled ? about::cancelled
         : o.failed()                    ? about::failed
                                         : about::settled,
         m, to_string(o.state));
    to_do_.emplace_back(sms_command::report{m.record.session_id, o});
}

void sms_tracker::forget(sms_message& m)
{
    auto& s = *m.session;
    s.messages.erase(std::find(s.messages.begin(), s.messages.end(), &m));
    deadlines_.clear(m);
    messages_.erase(m.record.id.value);
    drop_if_done(s);
}

}  // namespace aiflow
