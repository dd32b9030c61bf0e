#include "simulator/action_match.hpp"
#include "simulator/call_player.hpp"
#include "text/duration_text.hpp"

#include <algorithm>

namespace aiflow::simulator {

namespace {

std::string label_of(const expect_step& wanted)
{
    return (wanted.none ? "no " : "") + to_text(wanted) + " within " + duration_text(wanted.within);
}

}  // namespace

/// Tries one step; true when it is done. A step of the caller is skipped once the call has ended.
struct call_player::step_player {
    call_player& call;
    clock::time_point now;
    std::size_t line;

    bool operator()(const say_step& s)
    {
        return caller_does([&] {
            if (s.barged_in)
                call.silence();
            call.put(user_speak{s.text, s.barged_in});
        });
    }
    bool operator()(const press_step& s)
    {
        return caller_does([&] {
            for (const char key : s.keys)
                call.put(dtmf_received{std::string(1, key)});
        });
    }
    bool operator()(const speech_started_step&)
    {
        return caller_does([&] { call.put(user_speech_started{}); });
    }
    bool operator()(const timeout_step&)
    {
        return caller_does([&] { call.put(user_input_timeout{}); });
    }
    bool operator()(const resume_step&)
    {
        return caller_does([&] { call.put(session_start{}); });
    }
    bool operator()(const hang_up_step& s)
    {
        return caller_does([&] {
            call.end(call_outcome::hung_up, false);
            call.put(session_end{s.reason, end_cause::service});
        });
    }
    bool operator()(const raw_step& s)
    {
        // May come after the end: late and stray messages are what it is there for.
        if (!call.connected_)
            return call.ended_;
        call.plays_.push_back(play_raw{call.expanded(s.text, call.human())});
        return true;
    }
    bool operator()(const cut_step& s)
    {
        if (!call.connected_)
            return call.ended_;
        call.plays_.push_back(play_cut{&s});
        call.disconnect(now);
        return true;
    }
    bool operator()(const wait_step& s)
    {
        if (!call.step_due_)
            call.step_due_ = now + call.scaled(s.time);
        return now >= *call.step_due_;
    }
    bool operator()(const expect_step& s) { return s.none ? none_came(s) : one_came(s); }

private:
    template <class Act>
    bool caller_does(Act act)
    {
        if (call.ended_)
            return true;
        if (!call.may_send())
            return false;
        act();
        return true;
    }

    bool one_came(const expect_step& s)
    {
        const auto found = std::find_if(call.came_.begin(), call.came_.end(), [&](const action& a) {
            return matches(s, a, call.human());
        });
        if (found != call.came_.end()) {
            call.came_.erase(found);
            call.plays_.push_back(play_check{true, to_text(s), line});
            return true;
        }
        if (!call.step_due_)
            call.step_due_ = now + s.within;
        if (call.ended_)
            return missed(s, "the call was over before it came");
        return now >= *call.step_due_ && missed(s, "it did not come");
    }

    bool none_came(const expect_step& s)
    {
        const auto begin = call.came_.begin() + static_cast<std::ptrdiff_t>(call.came_before_step_);
        if (std::any_of(begin, call.came_.end(),
                        [&](const action& a) { return matches(s, a, call.human()); })) {
            call.plays_.push_back(play_check{false, label_of(s) + ": one came", line});
            return true;
        }
        if (!call.step_due_)
            call.step_due_ = now + s.within;
        if (now < *call.step_due_)
            return false;
        call.plays_.push_back(play_check{true, label_of(s), line});
        return true;
    }

    bool missed(const expect_step& s, std::string_view why)
    {
        std::string text = label_of(s) + ": " + std::string(why) + "; ";
        if (call.came_.empty()) {
            text += "nothing came";
        } else {
            text += "what came was ";
            const std::size_t shown = std::min<std::size_t>(call.came_.size(), 5);
            for (std::size_t i = 0; i < shown; ++i)
                text += (i > 0 ? ", `" : "`") + std::string(type_name(call.came_[i])) + "`";
            if (shown < call.came_.size())
                text += " and " + std::to_string(call.came_.size() - shown) + " more";
        }
        call.plays_.push_back(play_check{false, std::move(text), line});
        return true;
    }
};

bool call_player::step_done(clock::time_point now, const scenario_step& s)
{
    return std::visit(step_player{*this, now, s.line}, s.what);
}

}  // namespace aiflow::simulator
