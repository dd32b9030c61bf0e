#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/outbox.hpp"
#include "sms/sms_deadlines.hpp"
#include "sms/sms_limits.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <optional>
#include <string>

namespace aiflow {

struct sms_session;

/// What a message waits for.
enum class sms_phase : unsigned char {
    recording,  ///< `accepted` to be durable
    ready,      ///< its turn: the first attempt, a retry, or a repetition
    noting,     ///< a failure to be durable, before the retry gets its time
    preparing,  ///< `sending` to be durable
    in_flight,  ///< a failure, or the end of the window
    settled     ///< nothing; kept for late failures and for repeated submits
};

/// A message and everything that is decided about it.
struct sms_message : sms_timed {
    sms_message() noexcept : sms_timed(true) {}

    sms_record record;
    sms_session* session = nullptr;
    sms_phase phase = sms_phase::recording;
    unsigned step = 0;  ///< of the last store that somebody waits for
    /// What it was before `preparing`: `accepted`, `waiting_retry`, or `written` when an attempt
    /// without proof of hand-off is to be repeated.
    sms_state rest = sms_state::accepted;

    clock::time_point accepted;
    clock::time_point expires;
    clock::time_point due;         ///< not before this
    clock::time_point hold_until;  ///< until then, not while another text is in flight
    clock::time_point last_frame;
    clock::time_point window_end;             ///< while `listening`
    clock::duration window_left{0};           ///< otherwise
    std::optional<clock::time_point> before;  ///< when the session's previous message was accepted

    bool new_number = false;  ///< the first of its session to this number
    bool promised = false;    ///< one of the session's attempts is kept for it
    bool unanswered = true;   ///< whoever submitted it waits
    bool flush = false;       ///< a hangup is next: held no longer
    bool listening = false;   ///< its window runs
    bool lost = false;        ///< the connection that had its attempt is gone
    bool unheard = false;     ///< cut in the middle, or of an earlier process: no window for it
    bool repeated = false;    ///< `duplicate_ok` has been used
    bool unproven = false;    ///< an earlier attempt may have been sent as well
    bool shared = false;      ///< was in flight together with another text to the number
    bool probe = false;       ///< the breaker learns from it
    bool reported = false;    ///< had an outcome already; the next one corrects it

    bool open() const noexcept { return phase != sms_phase::settled; }
    unsigned attempt() const noexcept { return static_cast<unsigned>(record.attempts.size()); }
    bool in_flight() const noexcept { return phase == sms_phase::in_flight; }
    bool busy() const noexcept { return in_flight() || phase == sms_phase::preparing; }
};

/// What is known of a session.
struct sms_session : sms_timed {
    sms_session() noexcept : sms_timed(false) {}

    enum class link : unsigned char {
        up,    ///< on a connection
        gone,  ///< its connection is lost, or it has not been seen yet
        over   ///< no frame for it any more
    };

    std::string id;
    link state = link::gone;
    bool vendor_reachable = false;  ///< once over: a failure could still be heard
    bool transferred = false;
    boost::container::small_vector<sms_message*, 2> messages;  ///< in the order of acceptance
    std::size_t open = 0;                                      ///< of these
    sms_session_counts counts;
    /// Among those that are over with open messages.
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>
        open_end;

    /// Whether a failure of its messages could be heard.
    bool heard() const noexcept
    {
        return state == link::up || (state == link::over && vendor_reachable);
    }
};

}  // namespace aiflow
