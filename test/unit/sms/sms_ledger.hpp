#pragma once

#include "sms/sms_command.hpp"
#include "sms/sms_tracker.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace aiflow::test {

/// Keeps its own books of what a tracker does, and says when a promise is broken.
class sms_ledger {
public:
    explicit sms_ledger(const sms_rules& rules) : rules_(rules) {}

    // What the tracker is told.
    void submitted(clock::time_point now, const sms_submission& s);
    void session_up(const std::string& id);
    void session_gap(const std::string& id);
    void session_over(const std::string& id);
    void untouched(const sms_attempt_key& key);
    void lost(const sms_attempt_key& key);
    void handed_off(const sms_attempt_key& key);
    void failure(const sms_failure& f);
    /// The process has died; `disk` is what the next one reads.
    void crash(const std::map<std::uint64_t, sms_record>& disk);

    // What it does.
    void answered(clock::time_point now, const sms_command::answer& a);
    void transmitted(clock::time_point now, const sms_command::transmit& t);
    void reported(const sms_command::report& r);

    /// Nothing will happen any more.
    void finish(const sms_tracker& tracker);

    const std::vector<std::string>& violations() const noexcept { return violations_; }
    std::size_t accepted() const noexcept { return accepted_; }
    std::size_t frames() const noexcept { return frames_; }
    /// Outcomes by state, and how many of them were corrections.
    std::map<std::string, std::size_t> outcomes;

private:
    struct attempt {
        bool on_wire = false;
        bool lost = false;
        bool proven = false;
        bool may_retry = false;
    };
    struct message {
        std::string session;
        std::string recipient;
        bool duplicate_ok = false;
        bool answered = false;
        clock::time_point accepted_at;
        std::size_t first_outcomes = 0;
        std::map<unsigned, attempt> attempts;
    };
    struct session {
        bool up = false;
        std::size_t messages = 0;
        std::size_t frames = 0;
        std::set<std::string> recipients;
        std::vector<sms_id> in_flight;
        clock::time_point last;
    };

    void violated(const std::string& what, sms_id id);
    void check(bool holds, const char* what, sms_id id)
    {
        if (!holds)
            violated(what, id);
    }
    attempt* find(const sms_attempt_key& key);

    sms_rules rules_;
    std::unordered_map<std::uint64_t, message> messages_;
    std::unordered_map<std::string, session> sessions_;
    std::unordered_map<std::string, std::deque<clock::time_point>> hour_;
    std::unordered_map<std::string, clock::time_point> last_frame_;
    std::deque<clock::time_point> minute_;
    std::vector<std::string> violations_;
    std::size_t accepted_ = 0;
    std::size_t frames_ = 0;
};

}  // namespace aiflow::test
