#pragma once

#include "sms/sms_tracker.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace aiflow::test {

/// What reliability.md section 3 promises about SMS, kept as books beside a tracker: small, slow,
/// and written from the text, not from the tracker. Ends the run when a promise is broken.
class sms_model {
public:
    explicit sms_model(const sms_rules& rules) : rules_(rules) {}

    // What the tracker is told.
    void submitted(sms_moment at, const sms_submission& s, const checked<sms_tracker::receipt>& r);
    void up(sms_moment at, const std::string& session);
    void gap(const std::string& session);
    void over(const std::string& session);
    void on_disk(const sms_record& r);
    void untouched(const sms_attempt_key& key);
    void cut(const sms_attempt_key& key);
    void proven(const sms_attempt_key& key);
    void cancelled(sms_id id) { at_id(id).may_be_cancelled = true; }
    /// To be called before the tracker is told; `result` after it.
    void failing(const std::string& session, const sms_failed& e);
    void failed(sms_moment at, const sms_failure& result);
    void wall_jumped() { wall_is_straight_ = false; }
    void stopping() { stopping_ = true; }
    /// The process has died; what `on_disk` was told last is what the next one reads.
    void crashed();

    // What it does.
    void transmitted(sms_moment at, const sms_command::transmit& t, bool breaker_open);
    void answered(const sms_command::answer& a);
    void reported(sms_moment at, const sms_command::report& r);

    /// Whether the service has shown that it has the whole attempt.
    bool has_arrived(const sms_attempt_key& key);

    /// After each input.
    void compare(const sms_tracker& tracker) const;
    /// Nothing will happen any more.
    void finish(const sms_tracker& tracker) const;

private:
    struct attempt {
        clock::time_point when;
        bool on_wire = false;
        bool lost = false;    ///< its connection, or its process, is gone
        bool proven = false;  ///< a pong came
        bool failed = false;
        bool may_retry = false;
    };
    struct message {
        sms_id id;
        std::string session;
        std::string recipient;
        std::string text;
        bool duplicate_ok = false;
        bool retry = true;
        clock::time_point accepted;
        clock::duration max_age{};
        bool accepted_here = true;  ///< by this process
        bool asked = true;          ///< whoever submitted it waits for the answer
        bool known = false;         ///< it was answered: it has to end
        bool open = true;
        bool repeated = false;
        bool may_be_cancelled = false;
        unsigned outcomes = 0;
        clock::time_point ended;                ///< once it is not open
        sms_state state = sms_state::accepted;  ///< once it is not open
        std::vector<attempt> attempts;
        std::optional<sms_record> disk;
    };
    struct session {
        bool up = false;
        bool ever_lost = false;
        unsigned frames = 0;
        unsigned messages = 0;
        std::map<std::string, unsigned> recipients;  ///< with their messages
    };

    message& at_id(sms_id id);
    attempt& at_key(const sms_attempt_key& key);
    bool in_flight(const message& m) const;
    session& session_now(sms_moment at, const std::string& id);
    void check_retry(const message& m, unsigned number) const;

    sms_rules rules_;
    std::map<std::uint64_t, message> messages_;
    std::map<std::string, session> sessions_;
    std::map<std::string, clock::time_point> last_frame_;
    std::optional<clock::time_point> account_until_;
    std::optional<clock::time_point> last_probe_;
    std::set<std::uint64_t> candidates_;  ///< of the failure that comes, in flight
    std::set<std::uint64_t> late_;        ///< the same, written off
    bool wall_is_straight_ = true;
    bool stopping_ = false;
};

}  // namespace aiflow::test
