// What must hold of the SMS of a play.

#include "sweep_invariants.hpp"

#include "aiflow/codec.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace aiflow::test {

namespace {

// The texts of a message's SMS.
std::vector<std::string> texts_in(const std::string& message)
{
    std::vector<std::string> texts;
    for (const auto& a : decode_actions(message).value())
        if (const auto* sms = std::get_if<send_sms>(&a.action))
            texts.push_back(sms->message);
    return texts;
}

}  // namespace

// P1. What was accepted has one outcome, which is told once; a later one says that it corrects it.
void sweep_invariants::one_outcome()
{
    std::map<sms_id, std::size_t> first;
    std::set<sms_id> accepted;
    std::set<sms_id> settled;
    std::set<std::string> refused;
    for (const auto& n : log_.notes) {
        if (n.kind == sweep_note::stored && is_final(n.state))
            settled.insert(n.id);
        if (n.kind == sweep_note::accepted)
            accepted.insert(n.id);
        if (n.kind == sweep_note::refused)
            refused.insert(n.text);
        if (n.kind == sweep_note::outcome && n.how.corrected && first[n.id] == 0)
            fail("one_outcome: corrected before it was told");
        if (n.kind == sweep_note::outcome && !n.how.corrected && ++first[n.id] == 2)
            fail("one_outcome: told twice");
    }
    for (const auto id : accepted)
        if (first[id] == 0 && !(log_.rest.aborted && settled.contains(id)))
            fail("one_outcome: none was told");
    const auto& s = log_.rest.sms;
    const auto sum =
        s.assumed_sent + s.unobserved + s.failed + s.abandoned + s.expired + s.cancelled + s.open;
    if (s.accepted != sum)
        fail("one_outcome: " + std::to_string(s.accepted) + " accepted, " + std::to_string(sum) +
             " accounted for");
    std::size_t told = 0;
    for (const auto& [id, times] : first)
        told += times;
    if (told != s.accepted && !log_.rest.aborted)
        fail("one_outcome: " + std::to_string(s.accepted) + " accepted, " + std::to_string(told) +
             " outcomes told");
    for (const auto& n : log_.notes)
        if (n.kind == sweep_note::arrived && refused.contains(n.text))
            fail("one_outcome: an SMS was sent that had been refused");
}

// P3. An outcome says no more than what was seen. One that was corrected later held for its time.
void sweep_invariants::honest_outcomes()
{
    std::map<std::string, frames_seen> seen;
    std::map<sms_id, std::string> texts;
    std::map<sms_id, sms_outcome> last;
    for (const auto& n : log_.notes) {
        if (n.kind == sweep_note::stored && !n.text.empty())
            texts.try_emplace(n.id, n.text);
        if (n.kind == sweep_note::written)
            for (const auto& text : texts_in(n.text))
                ++seen[text].out;
        if (n.kind == sweep_note::unwritten && log_.rest.knows_unwritten)
            for (const auto& text : texts_in(n.text))
                --seen[text].out;
        if (n.kind == sweep_note::arrived)
            seen[n.text].answers.push_back(n.answer);
        if (n.kind == sweep_note::outcome) {
            compare(n.how, seen[texts[n.id]]);
            last[n.id] = n.how;
        }
    }
    for (const auto& [id, how] : last)
        compare(how, seen[texts[id]]);
}

void sweep_invariants::compare(const sms_outcome& how, const frames_seen& seen)
{
    const auto& answers = seen.answers;
    if (how.handed_off && answers.empty())
        fail("honest_outcomes: handed off, but nothing arrived");
    if (how.attempts < answers.size())
        fail("honest_outcomes: fewer attempts than frames that arrived");
    if (how.attempts > seen.out)
        fail("honest_outcomes: more attempts than frames that may have got out");
    const bool taken = std::find(answers.begin(), answers.end(), "accepted") != answers.end();
    if (how.failed() && taken)
        fail("honest_outcomes: " + std::string(to_string(how.state)) + ", but the service has it");
}

// P2. At most one frame for each attempt, and another one only after `smsc_unavailable`.
void sweep_invariants::no_second_frame()
{
    std::map<std::pair<std::string, std::string>, std::size_t> failures;
    std::map<std::string, std::size_t> frames;
    event_decoder decoder;
    for (const auto& n : log_.notes) {
        if (n.kind == sweep_note::received)
            for (const auto& in : decoder.decode(n.text).events)
                if (const auto* f = std::get_if<sms_failed>(&in.event))
                    if (f->why() == sms_reason::smsc_unavailable)
                        ++failures[{in.session.id, f->recipient}];
        if (n.kind != sweep_note::arrived)
            continue;
        const auto so_far = ++frames[n.text];
        if (so_far > 1 + failures[{n.session, n.recipient}])
            fail("no_second_frame: frame " + std::to_string(so_far) + " without a failure");
        if (so_far > 4)
            fail("no_second_frame: more frames than attempts are allowed");
    }
}

// P1. Accepted is what the outbox holds, and no frame goes out before its attempt is stored.
void sweep_invariants::stored_first()
{
    std::set<sms_id> held;
    std::map<std::string, std::size_t> attempts;
    for (const auto& n : log_.notes) {
        if (n.kind == sweep_note::stored) {
            held.insert(n.id);
            if (n.state == sms_state::sending)
                ++attempts[n.text];
        }
        if (n.kind == sweep_note::accepted && !held.contains(n.id))
            fail("stored_first: accepted, but not in the outbox");
        if (n.kind != sweep_note::written)
            continue;
        for (const auto& text : texts_in(n.text)) {
            if (attempts[text] == 0)
                fail("stored_first: a frame was written before its attempt was stored");
            else
                --attempts[text];
        }
    }
}

}  // namespace aiflow::test
