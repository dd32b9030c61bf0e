#include "sms_ledger.hpp"

namespace aiflow::test {

using namespace std::chrono_literals;

void sms_ledger::violated(const std::string& what, sms_id id)
{
    if (violations_.size() < 20)
        violations_.push_back(what + " (" + std::to_string(id.value) + ")");
}

sms_ledger::attempt* sms_ledger::find(const sms_attempt_key& key)
{
    const auto m = messages_.find(key.id.value);
    if (m == messages_.end())
        return nullptr;
    const auto a = m->second.attempts.find(key.attempt);
    return a == m->second.attempts.end() ? nullptr : &a->second;
}

void sms_ledger::submitted(clock::time_point now, const sms_submission& s)
{
    auto& m = messages_[s.id.value];
    m.session = s.session_id;
    m.recipient = s.recipient.digits();
    m.duplicate_ok = s.options.duplicate_ok;
    m.accepted_at = now;
}

void sms_ledger::session_up(const std::string& id)
{
    sessions_[id].up = true;
}

void sms_ledger::session_gap(const std::string& id)
{
    auto& s = sessions_[id];
    s.up = false;
    for (const auto sent : s.in_flight)
        for (auto& [n, a] : messages_[sent.value].attempts)
            a.lost |= a.on_wire;
}

void sms_ledger::session_over(const std::string& id)
{
    sessions_[id].up = false;
}

void sms_ledger::untouched(const sms_attempt_key& key)
{
    auto* const a = find(key);
    if (!a)
        return;
    a->on_wire = false;
    --frames_;
    --sessions_[messages_[key.id.value].session].frames;
}

void sms_ledger::lost(const sms_attempt_key& key)
{
    if (auto* const a = find(key))
        a->lost = true;
}

void sms_ledger::handed_off(const sms_attempt_key& key)
{
    if (auto* const a = find(key))
        a->proven = true;
}

void sms_ledger::failure(const sms_failure& f)
{
    const bool one = f.match == sms_match::matched || f.match == sms_match::late;
    check(one == f.id.has_value(), "an id without a match, or a match without one", {});
    check(one || !f.will_retry, "a retry of nobody knows what", {});
    if (!f.id)
        return;
    auto* const a = find({*f.id, f.attempt});
    check(a && a->on_wire, "a failure of what was never written", *f.id);
    if (!a)
        return;
    check(!a->may_retry, "two failures for one attempt", *f.id);
    check(!f.will_retry || f.event.why() == sms_reason::smsc_unavailable,
          "a retry after another reason", *f.id);
    a->may_retry = f.will_retry;
}

void sms_ledger::crash(const std::map<std::uint64_t, sms_record>& disk)
{
    for (auto& [id, m] : messages_) {
        for (auto& [n, a] : m.attempts)
            a.lost |= a.on_wire;
        const auto kept = disk.find(id);
        // An outcome that had not reached the disk is found again, perhaps as another one.
        if (kept != disk.end() && !is_final(kept->second.state)) {
            m.first_outcomes = 0;
            // `sending` was on disk; whether the frame went out cannot be known.
            if (kept->second.state == sms_state::sending)
                m.attempts[kept->second.attempts.back().number] = {.on_wire = true, .lost = true};
        }
        check(kept != disk.end() || !m.answered, "accepted, but not on disk", sms_id{id});
    }
    for (auto& [id, s] : sessions_) {
        s.up = false;
        s.recipients.clear();  // of settled messages nobody knows the number any more
        s.last = {};
    }
    hour_.clear();
    minute_.clear();
    last_frame_.clear();
}

void sms_ledger::answered(clock::time_point now, const sms_command::answer& a)
{
    auto& m = messages_[a.id.value];
    check(!m.answered, "answered twice", a.id);
    if (!a.result)
        return;
    m.answered = true;
    ++accepted_;
    auto& s = sessions_[m.session];
    check(++s.messages <= rules_.session_messages, "too many messages in a session", a.id);
    s.recipients.insert(m.recipient);
    check(s.recipients.size() <= rules_.session_recipients, "too many numbers in a session", a.id);
    if (s.last != clock::time_point{} && m.accepted_at > s.last)
        check(m.accepted_at - s.last >= rules_.session_interval, "two messages too close", a.id);
    s.last = std::max(s.last, m.accepted_at);

    const auto count = [now](std::deque<clock::time_point>& times, clock::duration span,
                             clock::time_point at) {
        times.push_back(at);
        while (times.front() + span <= std::min(at, now))
            times.pop_front();
        return times.size();
    };
    check(count(hour_[m.recipient], 1h, m.accepted_at) <= rules_.recipient_per_hour,
          "too many to one number in an hour", a.id);
    check(count(minute_, 1min, m.accepted_at) <= rules_.process_per_minute, "too many in a minute",
          a.id);
}

void sms_ledger::transmitted(clock::time_point now, const sms_command::transmit& t)
{
    const auto id = t.key.id;
    auto& m = messages_[id.value];
    auto& s = sessions_[std::string(t.session_id)];
    check(s.up, "a frame for a session that is not there", id);
    check(t.key.attempt <= rules_.max_attempts, "too many attempts", id);
    auto& a = m.attempts[t.key.attempt];
    check(!a.on_wire, "two frames for one attempt (P2)", id);
    if (t.key.attempt > 1) {
        const auto& before = m.attempts[t.key.attempt - 1];
        check(before.may_retry || (m.duplicate_ok && before.lost && !before.proven),
              "an attempt without a reason (P2)", id);
    }
    a.on_wire = true;
    a.lost = false;
    s.in_flight.push_back(id);
    ++frames_;
    check(++s.frames <= rules_.session_frames, "too many frames in a session", id);
    const auto last = last_frame_.find(m.recipient);
    if (last != last_frame_.end())
        check(now - last->second >= rules_.recipient_spacing, "two frames too close", id);
    last_frame_[m.recipient] = now;
}

void sms_ledger::reported(const sms_command::report& r)
{
    const auto& o = r.outcome;
    auto& m = messages_[o.id.value];
    check(is_final(o.state), "an outcome that is none", o.id);
    if (!o.corrected)
        check(++m.first_outcomes == 1, "two outcomes for one message", o.id);
    else
        check(m.first_outcomes >= 1, "a correction of nothing", o.id);
    ++outcomes[std::string(to_string(o.state)) + (o.corrected ? " corrected" : "")];
}

void sms_ledger::finish(const sms_tracker& tracker)
{
    for (const auto& [id, m] : messages_)
        check(!m.answered || m.first_outcomes == 1, "accepted, but without an outcome (P1)",
              sms_id{id});
    const auto left = tracker.remembered();
    check(left.messages == 0, "a message is remembered for ever", {});
    check(left.sessions == 0, "a session is remembered for ever", {});
    check(left.deadlines == 0, "a deadline without an owner", {});
    check(left.numbers == 0, "a number is remembered for ever", {});
    check(tracker.statistics().open == 0, "an open message without a deadline", {});
    check(!tracker.next_deadline(), "something is waited for that never comes", {});
}

}  // namespace aiflow::test
