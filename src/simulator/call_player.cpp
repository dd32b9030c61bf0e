#include "simulator/call_player.hpp"

#include "simulator/action_match.hpp"
#include "simulator/at_speed.hpp"

#include <algorithm>

namespace aiflow::simulator {

namespace {

// A bot that sends more than any script looks at must not fill the memory: the oldest go.
constexpr std::size_t came_limit = 256;

void replace_all(std::string& text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

}  // namespace

std::string_view to_string(call_outcome o) noexcept
{
    switch (o) {
    case call_outcome::playing:
        return "still going on";
    case call_outcome::hung_up:
        return "the caller hung up";
    case call_outcome::bot_hung_up:
        return "the bot hung up";
    case call_outcome::transferred:
        return "transferred";
    case call_outcome::cut:
        return "cut off";
    case call_outcome::stranded:
        return "no connection came back";
    }
    return "";
}

call_player::call_player(const call_plan& plan, const speech_plan& speech, sms_desk& desk,
                         session_info session, clock::time_point start, double speed)
    : plan_(plan), speech_(speech), shared_desk_(desk), session_(std::move(session)), start_(start),
      speed_(speed)
{
    if (plan_.sms)
        own_desk_.emplace(*plan_.sms);
}

clock::duration call_player::scaled(std::chrono::milliseconds time) const
{
    return at_speed(time, speed_);
}

std::string_view call_player::human() const noexcept
{
    return session_.direction == "outbound" ? session_.to_phone_number : session_.from_phone_number;
}

void call_player::connect()
{
    connected_ = true;
    lost_at_.reset();
}

void call_player::disconnect(clock::time_point now)
{
    connected_ = false;
    if (started_ && !ended_)
        lost_at_ = now;
}

void call_player::schedule(clock::time_point when, timed_kind kind, play what)
{
    timed_.emplace(when, timed{kind, std::move(what)});
}

void call_player::silence()
{
    std::erase_if(timed_, [](const auto& t) { return t.second.kind == timed_kind::speech; });
    speech_ends_ = {};
}

void call_player::end(call_outcome how, bool tell)
{
    ended_ = true;
    end_how_ = how;
    transferring_ = false;
    lost_at_.reset();
    std::erase_if(timed_, [](const auto& t) { return t.second.kind != timed_kind::answer; });
    if (tell)
        put(session_end{});
}

void call_player::take(clock::time_point now, const action& a)
{
    if (came_.size() == came_limit) {
        came_.erase(came_.begin());
        came_before_step_ -= std::min<std::size_t>(came_before_step_, 1);
    }
    came_.push_back(a);
    if (ended_)
        return;
    if (std::holds_alternative<hangup>(a))
        end(call_outcome::bot_hung_up, true);
    else if (const auto* t = std::get_if<transfer>(&a))
        start_transfer(now, *t);
    else if (std::holds_alternative<barge_in>(a))
        silence();
    else
        start_speech(now, a);
}

void call_player::start_speech(clock::time_point now, const action& a)
{
    const auto length = spoken_time(a, speech_);
    if (!length)
        return;
    // What is said while something is being said waits for its turn.
    const auto begin = std::max(now, speech_ends_);
    speech_ends_ = begin + scaled(*length);
    if (const auto* s = std::get_if<speak>(&a); s != nullptr && speech_.assistant_speak)
        schedule(begin, timed_kind::speech,
                 play_event{assistant_speak{s->text, s->ssml, length->count(), 0}});
    if (speech_.assistant_speech_ended)
        schedule(speech_ends_, timed_kind::speech, play_event{assistant_speech_ended{}});
}

void call_player::start_transfer(clock::time_point now, const transfer& t)
{
    silence();
    if (!plan_.transfer_fails)
        return end(call_outcome::transferred, false);  // no event tells (protocol.md 4.5)
    transferring_ = true;
    const auto when = now + scaled(plan_.transfer_after);
    if (t.timeout_seconds)
        schedule(when, timed_kind::back_from_transfer, play_event{session_start{}});
    else
        schedule(when, timed_kind::end_by_transfer, play_event{session_end{}});
}

std::string call_player::expanded(std::string text, std::string_view recipient) const
{
    replace_all(text, "$session", session_.id);
    replace_all(text, "$recipient", recipient);
    return text;
}

const sms_answer& call_player::answer(clock::time_point now, const send_sms& sms)
{
    const sms_answer& a = (own_desk_ ? *own_desk_ : shared_desk_).next();
    const std::string& digits = sms.phone_number.digits();
    for (unsigned copy = 0; copy < a.copies; ++copy) {
        if (!a.raw.empty())
            schedule(now + scaled(a.after), timed_kind::answer, play_raw{expanded(a.raw, digits)});
        else if (a.fails)
            schedule(now + scaled(a.after), timed_kind::answer,
                     play_event{sms_failed{a.recipient.value_or(digits), a.reason, a.message}});
    }
    return a;
}

void call_player::run_timed(clock::time_point now)
{
    while (!timed_.empty() && timed_.begin()->first <= now) {
        timed due = std::move(timed_.begin()->second);
        timed_.erase(timed_.begin());
        if (due.kind == timed_kind::end_by_transfer) {
            end(call_outcome::transferred, true);
            continue;
        }
        if (due.kind == timed_kind::back_from_transfer)
            transferring_ = false;
        plays_.push_back(std::move(due.what));
    }
}

bool call_player::give_up_if_stranded(clock::time_point now)
{
    if (!lost_at_ || now < *lost_at_ + plan_.return_within)
        return false;
    end(call_outcome::stranded, false);
    outcome_ = call_outcome::stranded;
    plays_.push_back(play_over{outcome_});
    return true;
}

void call_player::finish_script()
{
    const bool ends_with_cut =
        !plan_.steps.empty() && std::holds_alternative<cut_step>(plan_.steps.back().what);
    if (!ended_ && !connected_ && ends_with_cut)
        end(call_outcome::cut, false);
    if (!ended_ && may_send())
        end(call_outcome::hung_up, true);
    if (!ended_)
        return;  // on the way to a transfer, or waiting for a connection
    outcome_ = end_how_;
    plays_.push_back(play_over{outcome_});
}

void call_player::tick(clock::time_point now)
{
    if (!started_) {
        if (!connected_ || now < start_)
            return;
        started_ = true;
        put(session_start{});
    }
    run_timed(now);
    if (outcome_ != call_outcome::playing)
        return;
    for (; at_ < plan_.steps.size(); ++at_) {
        if (!step_began_) {
            step_began_ = now;
            came_before_step_ = came_.size();
        }
        if (!step_done(now, plan_.steps[at_])) {
            give_up_if_stranded(now);
            return;
        }
        step_began_.reset();
        step_due_.reset();
    }
    finish_script();
    if (outcome_ == call_outcome::playing)
        give_up_if_stranded(now);
}

std::optional<clock::time_point> call_player::due() const
{
    std::optional<clock::time_point> earliest;
    const auto consider = [&earliest](std::optional<clock::time_point> t) {
        if (t && (!earliest || *t < *earliest))
            earliest = t;
    };
    if (!timed_.empty())
        consider(timed_.begin()->first);
    if (outcome_ != call_outcome::playing)
        return earliest;
    if (!started_)
        return connected_ ? std::optional(start_) : std::nullopt;
    consider(step_due_);
    if (lost_at_)
        consider(*lost_at_ + plan_.return_within);
    return earliest;
}

}  // namespace aiflow::simulator
