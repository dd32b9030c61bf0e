#include "sweep_invariants.hpp"

#include "sweep_bot.hpp"

#include "aiflow/codec.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

namespace aiflow::test {

namespace {

const std::string by_service = "service";
const std::string by_shutdown = "shut_down";

// What one session was sent and what its handlers were told, side by side.
class told_line {
public:
    explicit told_line(const sweep_rest& rest) : rest_(rest) {}

    void told(const sweep_note& n) { told_.push_back(&n); }

    void left(std::size_t connection) { incoming_.push_back({nullptr, {}, connection}); }

    void received(const event& e, std::size_t connection)
    {
        if (!std::holds_alternative<user_speech_started>(e))
            incoming_.push_back({&*events_.insert(events_.end(), e), in_words(e), connection});
    }

    // The first thing that was told in the wrong place, not at all, or without cause.
    std::optional<std::string> mismatch()
    {
        std::set<std::size_t> gone;
        for (const auto& in : incoming_) {
            if (in.what == nullptr)
                gone.insert(in.connection);
            else if (auto wrong = take(in, gone))
                return wrong;
        }
        end_by_library();
        if (!told_.empty())
            return "told without cause: " + told_.front()->text;
        return std::nullopt;
    }

private:
    struct incoming {
        const event* what;  // null: the connection has been left
        std::string words;
        std::size_t connection;
    };

    bool next_is(sweep_note::kind_type kind) const
    {
        return !told_.empty() && told_.front()->kind == kind;
    }

    void end_by_library()
    {
        while (next_is(sweep_note::ended) && told_.front()->text != by_service) {
            shut_down_ = shut_down_ || told_.front()->text == by_shutdown;
            live_ = false;
            told_.pop_front();
        }
    }

    std::optional<std::string> take(const incoming& in, const std::set<std::size_t>& gone)
    {
        const bool starts = std::holds_alternative<session_start>(*in.what);
        const bool ends = std::holds_alternative<session_end>(*in.what);
        const bool failure = std::holds_alternative<sms_failed>(*in.what);
        if (!matches(in, ends))
            end_by_library();
        const bool gap_due =
            live_ && connection_ != 0 && connection_ != in.connection && gone.contains(connection_);
        const bool gap_told = next_is(sweep_note::gap);
        if (gap_told && gap_due)
            told_.pop_front();
        if (gap_told != gap_due && !(gap_due && !rest_.hears_gaps))
            return (gap_due ? "no gap told before: " : "gap told without cause before: ") +
                   in.words;
        if (!gap_told && !matches(in, ends))
            end_by_library();
        if (!live_ && !starts && !ever_ && !ends && !failure && !shut_down_)
            live_ = true;
        if (matches(in, ends) && (live_ || starts || failure)) {
            told_.pop_front();
            live_ = !ends && (live_ || starts);
            ever_ = true;
            connection_ = in.connection;
            return std::nullopt;
        }
        // Late, or nobody is there any more, or no new session is taken.
        if (shut_down_ || rest_.aborted || (!live_ && !starts) || (rest_.stopped && !ever_))
            return std::nullopt;
        return "not told, or out of order: " + in.words;
    }

    bool matches(const incoming& in, bool ends) const
    {
        if (ends)
            return next_is(sweep_note::ended) && told_.front()->text == by_service;
        return next_is(sweep_note::told) && told_.front()->text == in.words;
    }

    const sweep_rest& rest_;
    std::deque<const sweep_note*> told_;
    std::deque<event> events_;
    std::deque<incoming> incoming_;
    std::size_t connection_ = 0;
    bool live_ = false;
    bool ever_ = false;
    bool shut_down_ = false;
};

}  // namespace

std::vector<std::string> sweep_invariants::broken()
{
    broken_.clear();
    const auto& rest = log_.rest;
    if (!rest.reached)
        fail("reached: the play did not come to the step of its fault");
    told_in_pairs();
    no_second_frame();
    stored_first();
    silent_after_the_end();
    nothing_left();
    if (rest.walked_away)
        return broken_;
    told_in_order();
    one_outcome();
    honest_outcomes();
    if (!rest.stopped)
        works_again();
    return broken_;
}

// A handler is made, told of its session's start or whatever came first, and of the end, and goes.
void sweep_invariants::told_in_pairs()
{
    enum class state : unsigned char { none, live, over };
    std::map<std::string, state> sessions;
    for (const auto& n : log_.notes) {
        auto& now = sessions[n.session];
        const auto wrong = [&](const char* what) { fail("told_in_pairs: " + std::string(what)); };
        switch (n.kind) {
        case sweep_note::made:
            if (now != state::none)
                wrong("a second handler for one session");
            now = state::live;
            break;
        case sweep_note::gone:
            if (now != state::over && !log_.rest.walked_away && !log_.rest.aborted)
                wrong("a handler went without having been told of the end");
            now = state::none;
            break;
        case sweep_note::ended:
            if (now != state::live)
                wrong("the end was told twice");
            now = state::over;
            break;
        case sweep_note::told:
            if (n.text == "session_start" && now == state::over)
                now = state::live;
            else if (now == state::over && !n.text.starts_with("sms_failed"))
                wrong("an event was told after the end");
            break;
        case sweep_note::gap:
            if (now != state::live)
                wrong("a gap was told without a session");
            break;
        default:
            break;
        }
    }
    for (const auto& [id, now] : sessions)
        if (now != state::none)
            fail("told_in_pairs: a handler was not destroyed");
}

// P4. What the library has read is what handlers are told: all of it, once, in this order.
void sweep_invariants::told_in_order()
{
    std::map<std::string, told_line> lines;
    const auto line_of = [&](const std::string& id) -> told_line& {
        return lines.try_emplace(id, log_.rest).first->second;
    };
    event_decoder decoder;
    for (const auto& n : log_.notes) {
        if (n.kind == sweep_note::told || n.kind == sweep_note::gap || n.kind == sweep_note::ended)
            line_of(n.session).told(n);
        else if (n.kind == sweep_note::left)
            for (auto& [id, line] : lines)
                line.left(n.connection);
        else if (n.kind == sweep_note::received)
            for (const auto& in : decoder.decode(n.text).events)
                line_of(in.session.id).received(in.event, n.connection);
    }
    for (auto& [id, line] : lines)
        if (const auto wrong = line.mismatch())
            fail("told_in_order: " + *wrong);
}

// Nothing is begun to be written for a session whose end the library has heard of.
void sweep_invariants::silent_after_the_end()
{
    std::map<std::string, clock::time_point> ended;
    event_decoder decoder;
    for (const auto& n : log_.notes) {
        if (n.kind == sweep_note::ended)
            ended.try_emplace(n.session, n.at);
        if (n.kind == sweep_note::told && n.text == "session_start")
            ended.erase(n.session);
        if (n.kind == sweep_note::received)
            for (const auto& in : decoder.decode(n.text).events) {
                if (std::holds_alternative<session_end>(in.event))
                    ended.try_emplace(in.session.id, n.at);
                if (std::holds_alternative<session_start>(in.event))
                    ended.erase(in.session.id);
            }
        if (n.kind != sweep_note::written)
            continue;
        for (const auto& a : decode_actions(n.text).value()) {
            // What was queued in the turn of the end is written in it.
            const auto found = ended.find(a.session_id);
            if (found != ended.end() && found->second < n.at)
                fail("silent_after_the_end: a " + std::string(type_name(a.action)) +
                     " was written");
        }
    }
}

void sweep_invariants::nothing_left()
{
    const auto& rest = log_.rest;
    const auto expect = [this](bool held, const char* what) {
        if (!held)
            fail("nothing_left: " + std::string(what));
    };
    expect(rest.handlers == 0, "a handler");
    expect(rest.sleepers == 0, "a sleeper on the clock");
    expect(rest.finished, "it did not come to its end");
    expect(!rest.work_left, "work in the context");
    const auto& s = rest.sessions;
    expect(s.open_sessions == 0, "a session");
    expect(s.open_connections == 0, "a connection");
    expect(s.queued_events == 0, "an event in a queue");
    expect(s.queued_messages == 0, "a message in a queue");
    expect(s.handler_errors == 0, "an exception of a handler");
    expect(s.sessions >= s.expired_sessions + s.lost_sessions, "sessions ended more than begun");
    expect(rest.sms.open == 0 && rest.sms.held == 0 && rest.sms.waiting_retry == 0,
           "an SMS without an outcome");
}

// P5. The next call works, its SMS included.
void sweep_invariants::works_again()
{
    for (const auto& wrong : log_.rest.new_call)
        fail("works_again: " + wrong);
}

}  // namespace aiflow::test
