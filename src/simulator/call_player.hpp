#pragma once

#include "aiflow/action.hpp"
#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "simulator/scenario.hpp"
#include "simulator/sms_desk.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace aiflow::simulator {

/// How a call came to its end.
enum class call_outcome : unsigned char {
    playing,      ///< not over yet
    hung_up,      ///< by the caller
    bot_hung_up,  ///< by the action `hangup`
    transferred,  ///< to another number, or lost by a transfer that failed
    cut,          ///< its script ends with its connection
    stranded      ///< its connection was lost and none came back in time
};

/// An event to be sent. One that nobody asked for is lost while the call has no connection.
struct play_event {
    aiflow::event event;
};
struct play_raw {
    std::string text;
};
struct play_cut {
    const cut_step* how = nullptr;  ///< in the plan
};
/// An expectation of the script was decided.
struct play_check {
    bool held = false;
    std::string text;  ///< what was expected, and if it did not hold, what came instead
    std::size_t line = 0;
};
struct play_over {
    call_outcome how = call_outcome::hung_up;
};
using play = std::variant<play_event, play_raw, play_cut, play_check, play_over>;

/// Plays one call: decides from its script, from the actions that come and from the time what is to
/// be sent. No I/O, no clock.
///
/// Lifetime: plan, speech plan and desk must outlive it.
class call_player {
public:
    /// `desk` is asked unless the plan has answers of its own. `speed` divides every time that the
    /// service takes: waits, speech, answers to SMS; not those that a bot is given.
    call_player(const call_plan& plan, const speech_plan& speech, sms_desk& desk,
                session_info session, clock::time_point start, double speed);

    const session_info& session() const noexcept { return session_; }
    call_outcome outcome() const noexcept { return outcome_; }
    bool connected() const noexcept { return connected_; }
    bool started() const noexcept { return started_; }

    /// Whether this call is to be given a connection when there is one.
    bool wants_connection() const noexcept
    {
        return outcome_ == call_outcome::playing && !ended_ && !connected_;
    }

    /// Whether nothing will come of it any more.
    bool over() const noexcept { return outcome_ != call_outcome::playing && timed_.empty(); }

    /// Whether the call itself has ended: what a bot sends from now on comes late.
    bool ended() const noexcept { return ended_; }

    void connect();
    void disconnect(clock::time_point now);

    /// An action for this call came.
    void take(clock::time_point now, const action& a);

    /// What this `send_sms` meets; its answer is scheduled. Separate from `take`, so that it can be
    /// recorded.
    const sms_answer& answer(clock::time_point now, const send_sms& sms);

    /// Goes on as far as the time allows.
    void tick(clock::time_point now);

    /// When `tick` has something to do next; nothing if only an action or a connection helps.
    std::optional<clock::time_point> due() const;

    /// What is to be done, in order.
    std::vector<play> take_plays() { return std::exchange(plays_, {}); }

private:
    enum class timed_kind : unsigned char { answer, speech, back_from_transfer, end_by_transfer };
    struct timed {
        timed_kind kind;
        play what;
    };

    struct step_player;

    clock::duration scaled(std::chrono::milliseconds time) const;
    bool may_send() const noexcept { return connected_ && !transferring_; }
    bool step_done(clock::time_point now, const scenario_step& s);
    void run_timed(clock::time_point now);
    bool give_up_if_stranded(clock::time_point now);
    void finish_script();
    void end(call_outcome how, bool tell);
    void silence();
    void start_speech(clock::time_point now, const action& a);
    void start_transfer(clock::time_point now, const transfer& t);
    void put(event e) { plays_.push_back(play_event{std::move(e)}); }
    void schedule(clock::time_point when, timed_kind kind, play what);
    std::string expanded(std::string text, std::string_view recipient) const;
    std::string_view human() const noexcept;

    const call_plan& plan_;
    const speech_plan& speech_;
    sms_desk& shared_desk_;
    std::optional<sms_desk> own_desk_;
    session_info session_;
    clock::time_point start_;
    double speed_;

    bool connected_ = false;
    bool started_ = false;
    bool transferring_ = false;
    bool ended_ = false;
    call_outcome end_how_ =
        call_outcome::playing;  // why it ended, until the script is over as well
    call_outcome outcome_ = call_outcome::playing;
    std::size_t at_ = 0;  // the step
    std::optional<clock::time_point> step_began_;
    std::optional<clock::time_point> step_due_;
    std::optional<clock::time_point> lost_at_;
    clock::time_point speech_ends_{};
    std::multimap<clock::time_point, timed> timed_;
    std::vector<action> came_;  // the newest actions that no step has taken yet
    std::size_t came_before_step_ = 0;
    std::vector<play> plays_;
};

std::string_view to_string(call_outcome o) noexcept;

}  // namespace aiflow::simulator
