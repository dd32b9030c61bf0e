// How a message comes in: from an application, or from an earlier process.

#include "aiflow/sms_text.hpp"
#include "sms/sms_fingerprint.hpp"
#include "sms/sms_tracker.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace aiflow {

namespace {

constexpr std::size_t longest_client_ref = 128;

problem refused(errc code, std::string field, std::string text)
{
    return {make_error_code(code), std::move(field), std::move(text)};
}

}  // namespace

checked<sms_tracker::receipt> sms_tracker::submit(sms_moment at, sms_submission s)
{
    begin(at);
    refs_.forget_old(at.now);
    const auto size = measure_sms(s.text);
    auto* session = sessions_.find(s.session_id);
    if (auto wrong = refusal(s, session)) {
        ++counted_.refused;
        return std::move(*wrong);
    }
    if (!s.options.client_ref.empty())
        if (const auto* earlier = refs_.find(s.options.client_ref))
            return repeat_of(*earlier);

    if (!session) {  // it gets the time that a lost one has
        session = &session_of(s.session_id);
        deadlines_.set(*session, at.now + rules_.grace);
    }
    sms_record record;
    record.id = s.id;
    record.session_id = std::move(s.session_id);
    record.recipient = s.recipient.digits();
    // Nothing else can be repeated, and a hash is dear.
    if (!s.options.client_ref.empty())
        record.fingerprint = sms_fingerprint(random_(), record.recipient, s.text);
    record.text = std::move(s.text);
    record.segments = size->segments;
    record.options = std::move(s.options);
    record.accepted_at = at.wall;
    auto& m = add(*session, std::move(record), at.now);
    m.before = std::exchange(session->counts.last_accepted, at.now);
    promise_frame(m);
    if (account_.refusing())
        account_.accepted(m.record.id);
    store(m, outbox::durability::before_completion);
    return receipt{{m.record.id, size->segments, false}, true};
}

std::optional<problem> sms_tracker::wrong_options(const sms_options& o) const
{
    if (o.client_ref.size() > longest_client_ref)
        return refused(errc::invalid_value, "client_ref",
                       "has " + std::to_string(o.client_ref.size()) + " bytes; at most " +
                           std::to_string(longest_client_ref) + " are allowed");
    if (o.max_age && (o.max_age->count() < 1 || *o.max_age > std::chrono::hours{24}))
        return refused(errc::invalid_value, "max_age",
                       "must be 1 to 86400 s, not " + std::to_string(o.max_age->count()));
    return std::nullopt;
}

// In this order: what is wrong with the message itself, what it repeats, whether anything may be
// sent at all, then the caps from the narrowest to the widest.
std::optional<problem> sms_tracker::refusal(const sms_submission& s, const sms_session* known)
{
    if (stopping_)
        return refused(errc::shutting_down, "session", "no further SMS is taken; shutting down");
    if (auto wrong = validate_sms_text(s.text, rules_.max_characters))
        return wrong;
    if (auto wrong = wrong_options(s.options))
        return wrong;
    if (!s.options.client_ref.empty())
        if (const auto* earlier = refs_.find(s.options.client_ref))
            return fits_fingerprint(earlier->fingerprint, s.recipient.digits(), s.text)
                       ? std::nullopt
                       : std::optional(refused(
                             errc::sms_client_ref_conflict, "client_ref",
                             "belongs to an SMS with another text or number; give a new SMS a new "
                             "key"));
    if (known && known->state == sms_session::link::over)
        return refused(errc::session_over, "session", "is over; no SMS can be sent for it");
    if (const auto* cause = account_.refuses_new(at_.now))
        return refused(errc::sms_account_refused, "account",
                       "may not send SMS at the moment: " + std::string(to_string(cause->reason)) +
                           "; see to the account's SMS settings and credit");
    if (is_duplicate(s, known))
        return refused(errc::sms_duplicate_suppressed, "message",
                       "was sent to this number less than " +
                           std::to_string(rules_.duplicate_window.count()) +
                           " s ago; give a client_ref of its own to send it again");
    static const sms_session_counts none;
    const auto& digits = s.recipient.digits();
    if (auto cap = session_refusal(known ? known->counts : none, rules_, digits, at_.now))
        return cap;
    if (auto cap = limits_.refusal(at_.now, digits))
        return cap;
    if (open_ >= rules_.max_open)
        return refused(errc::outbox_full, "outbox",
                       "holds " + std::to_string(open_) +
                           " SMS that are not settled, as many as "
                           "are allowed");
    return std::nullopt;
}

bool sms_tracker::is_duplicate(const sms_submission& s, const sms_session* known)
{
    if (!known || !s.options.client_ref.empty())
        return false;
    return std::any_of(known->messages.begin(), known->messages.end(), [&](const sms_message* m) {
        return m->record.recipient == s.recipient.digits() && m->record.text == s.text &&
               at_.now < m->accepted + rules_.duplicate_window &&
               m->record.state != sms_state::cancelled;
    });
}

sms_tracker::receipt sms_tracker::repeat_of(const sms_client_refs::known& earlier)
{
    ++counted_.repeated;
    const auto* const m = find(earlier.id);
    return receipt{{earlier.id, earlier.segments, true}, m && m->unanswered};
}

sms_message& sms_tracker::add(sms_session& s, sms_record&& taken, clock::time_point accepted)
{
    auto& m = *messages_.emplace(taken.id.value, std::make_unique<sms_message>()).first->second;
    auto& record = m.record;
    record = std::move(taken);
    record.outcome.id = record.id;
    m.session = &s;
    m.accepted = accepted;
    m.expires = accepted + record.options.max_age.value_or(rules_.max_age);
    s.messages.push_back(&m);
    ++s.open;
    ++open_;
    ++s.counts.messages;
    auto& numbers = s.counts.recipients;
    m.new_number = std::find(numbers.begin(), numbers.end(), record.recipient) == numbers.end();
    if (m.new_number)
        numbers.push_back(record.recipient);
    limits_.accepted(accepted, record.recipient);
    if (!record.options.client_ref.empty())
        refs_.add(record.options.client_ref, {record.id, record.fingerprint, record.segments},
                  accepted + rules_.client_ref_memory);
    return m;
}

// Another message may have come to the same number while this one was being stored.
void sms_tracker::take_back_number(const sms_message& m)
{
    if (!m.new_number)
        return;
    auto& s = *m.session;
    auto& numbers = s.counts.recipients;
    const auto& number = m.record.recipient;
    const auto other =
        std::find_if(s.messages.begin(), s.messages.end(), [&](const sms_message* o) {
            return o != &m && o->record.recipient == number;
        });
    if (other == s.messages.end())
        numbers.erase(std::find(numbers.begin(), numbers.end(), number));
    else
        (*other)->new_number = true;
}

// The outbox has not taken it, so it has never been.
void sms_tracker::reject(sms_message& m, error_code why)
{
    ++counted_.refused;
    answer(m, problem{why, "outbox", "has not taken the SMS, so it is not sent: " + why.message()});
    auto& s = *m.session;
    refs_.remove(m.record.options.client_ref);
    limits_.take_back(m.accepted, m.record.recipient);
    account_.settled(m.record.id, false);
    --s.counts.messages;
    take_back_number(m);
    if (std::exchange(m.promised, false))
        --s.counts.frames;
    if (s.counts.last_accepted == m.accepted)
        s.counts.last_accepted = m.before;
    --open_;
    if (--s.open == 0)
        s.open_end.unlink();
    to_do_.emplace_back(sms_command::rejected{s.id});
    forget(m);
}

void sms_tracker::restore(sms_moment at, std::vector<sms_record> records)
{
    begin(at);
    std::sort(records.begin(), records.end(), [](const sms_record& a, const sms_record& b) {
        return std::tie(a.accepted_at, a.id) < std::tie(b.accepted_at, b.id);
    });
    for (const auto& record : records) {
        if (is_final(record.state))
            restore_final(record);
        else
            restore_open(record);
    }
}

// A wall clock that was set back makes a message young, never older than it is.
clock::time_point sms_tracker::steady(clock::wall_time past) const
{
    return at_.now - std::max(at_.wall - past, clock::wall_time::duration{0});
}

void sms_tracker::restore_final(const sms_record& record)
{
    // The session may come back: what it has had still counts.
    if (at_.now - steady(record.accepted_at) < std::chrono::hours{1}) {
        auto& s = session_of(record.session_id);
        ++s.counts.messages;
        s.counts.frames += static_cast<unsigned>(record.attempts.size());
        deadlines_.extend(s, at_.now + rules_.max_age);
    }
    const auto& ref = record.options.client_ref;
    const auto until = steady(record.accepted_at) + rules_.client_ref_memory;
    if (ref.empty() || until <= at_.now)
        return;
    refs_.add(ref, {record.id, record.fingerprint, record.segments}, until);
    refs_.settled(record.outcome);
}

void sms_tracker::restore_open(const sms_record& record)
{
    ++counted_.restored;
    const auto state = record.state;
    const bool had_attempt = !record.attempts.empty();
    // What was read may be damaged, or of other rules.
    const bool usable = phone_number::parse(record.recipient).has_value() &&
                        !validate_sms_text(record.text, rules_.max_characters);
    auto& m = add(session_of(record.session_id), sms_record(record), steady(record.accepted_at));
    auto& s = *m.session;
    m.unanswered = false;
    m.last_frame = had_attempt ? steady(record.attempts.back().started) : m.accepted;
    if (had_attempt)
        limits_.frame(m.last_frame, record.recipient);
    s.counts.frames += m.attempt();
    s.counts.last_accepted = m.accepted;
    // It waits for its session as long as it may wait for anything.
    deadlines_.extend(s, std::max(at_.now, m.expires) + rules_.grace);

    if (state == sms_state::accepted || state == sms_state::waiting_retry || !had_attempt) {
        const auto longest =
            *std::max_element(rules_.retry_delays.begin(), rules_.retry_delays.end());
        const auto wait =
            std::clamp<clock::duration>(record.due - at_.wall, clock::duration{0}, longest);
        const bool retry = state == sms_state::waiting_retry;
        make_ready(m, retry ? state : sms_state::accepted, at_.now + (retry ? wait : wait.zero()));
        if (retry && m.attempt() >= rules_.max_attempts)
            return give_up(m, sms_state::failed);
        return usable && promise_frame(m) ? consider(m) : give_up(m, sms_state::abandoned);
    }
    // What was in flight may have been sent; nobody was there to hear of a failure.
    m.phase = sms_phase::in_flight;
    m.lost = true;
    m.unheard = true;
    const bool may_repeat = usable && record.options.duplicate_ok &&
                            !record.attempts.back().handed_off && at_.now < m.expires;
    if (may_repeat)
        deadlines_.set(m, m.expires);
    else
        settle(m, sms_state::unobserved);
}

}  // namespace aiflow
