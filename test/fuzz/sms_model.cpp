#include "sms_model.hpp"

#include "fuzz_input.hpp"

#include <algorithm>

namespace aiflow::test {

namespace {

void check(bool holds, std::string_view promise, sms_id id)
{
    require(holds, promise, "message " + std::to_string(id.value));
}

bool written_off(sms_state s)
{
    return s == sms_state::assumed_sent || s == sms_state::unobserved;
}

}  // namespace

sms_model::message& sms_model::at_id(sms_id id)
{
    const auto found = messages_.find(id.value);
    check(found != messages_.end(), "nothing is said of a message that nobody sent", id);
    return found->second;
}

sms_model::attempt& sms_model::at_key(const sms_attempt_key& key)
{
    auto& m = at_id(key.id);
    check(key.attempt >= 1 && key.attempt <= m.attempts.size(), "an attempt has been made", key.id);
    return m.attempts[key.attempt - 1];
}

bool sms_model::in_flight(const message& m) const
{
    return m.open && !m.attempts.empty() && m.attempts.back().on_wire && !m.attempts.back().failed;
}

// P6: a session that is not there, and of whose messages no failure is taken any more, is not
// remembered; should it come back, it begins anew.
sms_model::session& sms_model::session_now(sms_moment at, const std::string& id)
{
    const bool remembered =
        sessions_[id].up || std::any_of(messages_.begin(), messages_.end(), [&](const auto& each) {
            const auto& m = each.second;
            return m.session == id && (m.open || at.now - m.ended < rules_.late_limit);
        });
    if (!remembered)
        sessions_[id] = {};
    return sessions_[id];
}

void sms_model::submitted(sms_moment at, const sms_submission& s,
                          const checked<sms_tracker::receipt>& r)
{
    if (!r) {
        require(!r.error().text.empty() && !r.error().field.empty(), "a refusal says why");
        require(r.error().text.find(s.recipient.digits()) == std::string::npos,
                "P8: no number in an error");
        return;
    }
    require(!stopping_, "nothing is accepted while shutting down");
    if (r->ticket.repeated) {
        require(!s.options.client_ref.empty() && r->ticket.id != s.id,
                "only a known client_ref repeats");
        return;
    }
    require(!account_until_ || at.now >= *account_until_,
            "an account that may not send is left alone");
    auto& in = session_now(at, s.session_id);
    auto& m = messages_[s.id.value];
    m.id = s.id;
    m.session = s.session_id;
    m.recipient = s.recipient.digits();
    m.text = s.text;
    m.duplicate_ok = s.options.duplicate_ok;
    m.retry = s.options.retry;
    m.accepted = at.now;
    m.max_age = s.options.max_age.value_or(rules_.max_age);
    ++in.recipients[m.recipient];
    check(++in.messages <= rules_.session_messages, "3.7: messages of a session", s.id);
    check(in.recipients.size() <= rules_.session_recipients, "3.7: numbers of a session", s.id);
}

void sms_model::up(sms_moment at, const std::string& session)
{
    session_now(at, session).up = true;
}

void sms_model::gap(const std::string& session)
{
    auto& s = sessions_[session];
    if (!s.up)
        return;
    s.up = false;
    s.ever_lost = true;
    for (auto& [id, m] : messages_)
        if (m.session == session)
            for (auto& a : m.attempts)
                a.lost |= a.on_wire;
}

void sms_model::over(const std::string& session)
{
    sessions_[session].up = false;
    sessions_[session].ever_lost = true;
}

void sms_model::on_disk(const sms_record& r)
{
    at_id(r.id).disk = r;
    check(!is_final(r.state) || (r.recipient.empty() && r.text.empty()),
          "S23: a settled message has neither number nor text", r.id);
}

// It never was an attempt.
void sms_model::untouched(const sms_attempt_key& key)
{
    auto& m = at_id(key.id);
    if (key.attempt != m.attempts.size())
        return;
    m.attempts.pop_back();
    if (!m.attempts.empty() && !m.attempts.back().failed)
        m.repeated = false;
    --sessions_[m.session].frames;
    last_frame_.erase(m.recipient);
    last_probe_.reset();
}

void sms_model::cut(const sms_attempt_key& key)
{
    at_key(key).lost = true;
}

void sms_model::proven(const sms_attempt_key& key)
{
    at_key(key).proven = true;
}

void sms_model::failing(const std::string& session, const sms_failed& e)
{
    candidates_.clear();
    late_.clear();
    const auto digits = comparable_digits(e.recipient);
    for (const auto& [id, m] : messages_) {
        if (m.session != session || (!digits.empty() && m.recipient != digits))
            continue;
        if (in_flight(m))
            candidates_.insert(id);
        else if (!m.open && m.known && written_off(m.state) && !m.attempts.empty())
            late_.insert(id);
    }
}

bool sms_model::has_arrived(const sms_attempt_key& key)
{
    const auto& a = at_key(key);
    return a.failed || a.proven || !at_id(key.id).open;
}

void sms_model::failed(sms_moment at, const sms_failure& f)
{
    if (f.match != sms_match::orphan && is_account_level(f.event.why()) &&
        (!account_until_ || at.now >= *account_until_))
        account_until_ = at.now + rules_.account_refusal;
    const bool one = f.match == sms_match::matched || f.match == sms_match::late;
    require(one == f.id.has_value(), "3.2: a match is of one message");
    require(one || !f.will_retry,
            "3.2 d, e: nothing is retried for an ambiguous failure or an orphan");
    if (candidates_.empty() && late_.empty())
        require(f.match == sms_match::orphan, "3.2 e: what fits nothing is an orphan");
    if (candidates_.size() == 1 && late_.empty())
        require(f.match == sms_match::matched && f.id->value == *candidates_.begin(),
                "3.2 a: the only candidate is it");
    if (!f.id)
        return;
    check(candidates_.contains(f.id->value) || late_.contains(f.id->value),
          "3.2: a failure is of a message that can be meant", *f.id);
    auto& m = at_id(*f.id);
    auto& a = at_key({*f.id, f.attempt});
    check(f.attempt == m.attempts.size(), "a failure is of the latest attempt", *f.id);
    check(a.on_wire, "a failure is of what was written", *f.id);
    check(!a.failed, "3.2 (4): one failure for each attempt", *f.id);
    a.failed = true;
    if (!f.will_retry)
        return;
    a.may_retry = true;
    check(f.event.why() == sms_reason::smsc_unavailable, "3.3: only smsc_unavailable is retried",
          *f.id);
    check(m.retry, "3.3: retry can be switched off", *f.id);
    check(f.attempt < rules_.max_attempts, "3.3: the number of attempts", *f.id);
    m.open = true;
}

void sms_model::check_retry(const message& m, unsigned number) const
{
    if (number == 1)
        return;
    const auto& before = m.attempts[number - 2];
    if (before.failed)
        return check(before.may_retry, "P2: a further attempt only after a safe failure", m.id);
    check(m.duplicate_ok && before.lost && !before.proven && !m.repeated,
          "3.5: what may have been sent is repeated once, if that was asked for", m.id);
}

void sms_model::transmitted(sms_moment at, const sms_command::transmit& t, bool breaker_open)
{
    auto& m = at_id(t.key.id);
    auto& s = sessions_[m.session];
    const auto number = t.key.attempt;
    check(!stopping_, "nothing is written while shutting down", m.id);
    check(m.open && m.session == t.session_id, "what is settled is not written", m.id);
    check(s.up, "3.6: no frame for a session that is not there", m.id);
    check(number == m.attempts.size() + 1, "P2: one frame for each attempt", m.id);
    check(number <= rules_.max_attempts, "P2: the number of attempts", m.id);
    check_retry(m, number);
    if (number > 1 && !m.attempts.back().failed)
        m.repeated = true;
    check(m.disk && m.disk->state == sms_state::sending && m.disk->attempts.size() == number,
          "3.1: `sending` is on disk before the first byte", m.id);
    check(t.frame.phone_number.digits() == m.recipient && t.frame.message == m.text,
          "every attempt has the same content", m.id);
    if (m.accepted_here)
        check(at.now < m.accepted + m.max_age, "3.3: the age limit", m.id);
    check(++s.frames <= rules_.session_frames, "3.7: frames of a session", m.id);
    const auto last = last_frame_.find(m.recipient);
    check(last == last_frame_.end() || at.now - last->second >= rules_.recipient_spacing,
          "3.3: never two sends to one recipient within 2 s", m.id);
    last_frame_[m.recipient] = at.now;
    check(!account_until_ || at.now >= *account_until_,
          "3.3: nothing is written while the account may not send", m.id);
    if (breaker_open) {
        check(!last_probe_ || at.now - *last_probe_ >= rules_.breaker_probe,
              "3.3: one probe at a time", m.id);
        last_probe_ = at.now;
    }
    attempt made;
    made.when = at.now;
    made.on_wire = true;
    m.attempts.push_back(made);
}

void sms_model::answered(const sms_command::answer& a)
{
    auto& m = at_id(a.id);
    check(std::exchange(m.asked, false), "who submits is answered once", a.id);
    if (a.result) {
        check(m.disk.has_value(), "P1: what is accepted is on disk before the answer", a.id);
        m.known = true;
        return;
    }
    check(m.attempts.empty(), "what was written was accepted", a.id);
    m.open = false;
    auto& s = sessions_[m.session];
    --s.messages;
    if (--s.recipients[m.recipient] == 0)
        s.recipients.erase(m.recipient);
}

void sms_model::reported(sms_moment at, const sms_command::report& r)
{
    const auto& o = r.outcome;
    auto& m = at_id(o.id);
    check(r.session_id == m.session, "an outcome is told to its session", o.id);
    check(is_final(o.state), "an outcome is final", o.id);
    check(m.known, "only what was accepted has an outcome", o.id);
    check(o.corrected == (m.outcomes > 0), "P1: one outcome; later ones correct it", o.id);
    ++m.outcomes;
    check(o.attempts == m.attempts.size(), "an outcome tells how many frames there were", o.id);
    const bool any_failed = std::any_of(m.attempts.begin(), m.attempts.end(),
                                        [](const attempt& a) { return a.failed; });
    switch (o.state) {
    case sms_state::assumed_sent:
        check(!m.attempts.empty() && !m.attempts.back().failed, "3.4: sent, and no failure", o.id);
        if (m.open)
            check(at.now - m.attempts.back().when >= rules_.window, "3.4: the window passed", o.id);
        break;
    case sms_state::unobserved:
        check(!m.attempts.empty() && !m.attempts.back().failed, "3.1: perhaps sent", o.id);
        break;
    case sms_state::failed:
        check(any_failed || account_until_ || !m.accepted_here, "failed: a failure came", o.id);
        break;
    case sms_state::abandoned:
        check(sessions_[m.session].ever_lost || !sessions_[m.session].up || !m.accepted_here,
              "abandoned: the session is over", o.id);
        break;
    case sms_state::expired:
        if (m.accepted_here)
            check(at.now >= m.accepted + m.max_age, "expired: it is too old", o.id);
        break;
    default:
        check(o.state == sms_state::cancelled && m.may_be_cancelled, "cancelled: on demand", o.id);
        break;
    }
    if (o.state == sms_state::abandoned || o.state == sms_state::expired ||
        o.state == sms_state::cancelled)
        check(m.attempts.empty() || m.attempts.back().failed,
              "what may have been sent is not said to be given up", o.id);
    m.state = o.state;
    m.ended = at.now;
    m.open = false;
}

void sms_model::crashed()
{
    stopping_ = false;
    account_until_.reset();
    last_probe_.reset();
    last_frame_.clear();
    sessions_.clear();
    for (auto& [id, m] : messages_) {
        check(m.disk || !m.known, "P1: what was accepted is on disk", m.id);
        m.asked = false;
        m.accepted_here = false;
        m.repeated = false;
        m.may_be_cancelled = false;
        m.known = m.disk.has_value();
        m.open = m.disk && !is_final(m.disk->state);
        // What is settled on disk, or was never there, takes no failure in the next life.
        if (!m.open)
            m.ended = {};
        if (!m.disk)
            continue;
        m.attempts.clear();
        for (const auto& a : m.disk->attempts) {
            attempt made;
            made.on_wire = true;
            made.lost = true;
            made.proven = a.handed_off;
            made.failed = !a.reason.empty();
            m.attempts.push_back(made);
        }
        if (m.open) {
            m.outcomes = 0;
            if (m.disk->state == sms_state::waiting_retry && !m.attempts.empty())
                m.attempts.back().failed = m.attempts.back().may_retry = true;
        }
        auto& s = sessions_[m.session];
        if (wall_is_straight_ && m.open) {
            ++s.messages;
            s.frames += static_cast<unsigned>(m.attempts.size());
            ++s.recipients[m.recipient];
        }
    }
}

void sms_model::compare(const sms_tracker& tracker) const
{
    std::map<std::string, bool> open;
    std::size_t count = 0;
    for (const auto& [id, m] : messages_) {
        open[m.session] |= m.open;
        count += m.open ? 1U : 0U;
    }
    for (const auto& [session, any] : open)
        require(tracker.has_open(session) == any, "has_open says whether something is open",
                session);
    const auto numbers = tracker.statistics();
    require(numbers.open == count, "as many are open as are counted",
            std::to_string(numbers.open) + " instead of " + std::to_string(count));
    require(numbers.held + numbers.waiting_retry <= count, "what waits is open");
}

void sms_model::finish(const sms_tracker& tracker) const
{
    compare(tracker);
    for (const auto& [id, m] : messages_) {
        check(!m.open, "P1: everything ends", m.id);
        check(!m.asked, "who submits is answered", m.id);
    }
    const auto left = tracker.remembered();
    require(left.messages == 0 && left.sessions == 0 && left.deadlines == 0 && left.numbers == 0 &&
                !tracker.next_deadline(),
            "P6: nothing is remembered for ever");
}

}  // namespace aiflow::test
