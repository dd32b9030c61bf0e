#pragma once

#include "sms/sms_tracker.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

using namespace std::chrono_literals;

inline const std::string someone = "4915112345678";
inline const std::string someone_else = "4915187654321";

/// A tracker under virtual time, with an outbox and a connection that do what they are told.
struct tracker_rig {
    explicit tracker_rig(sms_rules r = {}, std::uint64_t seed = 7);

    /// Rules without the caps on how often, for tests of something else.
    static sms_rules uncapped();

    checked<sms_tracker::receipt> submit(std::string text = "Your code is 4242.",
                                         sms_options options = {},
                                         const std::string& recipient = someone,
                                         std::string session = "call");
    /// Submits; the message must be accepted.
    sms_id send(std::string text = "Your code is 4242.", sms_options options = {},
                const std::string& recipient = someone, std::string session = "call");
    sms_failure fail(std::string_view reason = "smsc_unavailable",
                     std::string_view recipient = someone, std::string_view session = "call",
                     std::string_view message = {});

    void up(std::string_view session = "call");
    void gap(std::string_view session = "call");
    void over(std::string_view session = "call", bool reachable = true);

    /// Carries out what the tracker wants.
    void settle();
    /// Lets time pass, with everything that is due on the way.
    void run(clock::duration span);
    /// The same process as before dies; a new one reads what is on disk.
    void restart();

    /// The latest outcome of the message.
    const sms_outcome& outcome(sms_id id) const;
    std::size_t outcomes_of(sms_id id) const;
    std::size_t notes(sms_command::note::about what) const;
    const sms_record& record(sms_id id) const { return disk.at(id.value); }
    sms_attempt_key last_key() const { return frames.back().key; }

    sms_rules rules;
    sms_moment at{clock::time_point{1h}, clock::wall_time{24h * 365 * 57}};
    std::unique_ptr<sms_tracker> tracker;

    struct frame {
        clock::time_point when;
        std::string session;
        sms_attempt_key key;
        send_sms content;
    };
    std::vector<frame> frames;
    std::vector<sms_outcome> outcomes;
    std::vector<sms_command::note> log;
    std::vector<sms_command::answer> answers;
    std::vector<std::string> journal;  ///< what was to be done, in order
    std::map<std::uint64_t, sms_record> disk;

    error_code disk_error;                      ///< of every store
    sms_state disk_error_for = sms_state{255};  ///< only of records in that state, if set
    bool disk_waits = false;                    ///< stores stay in `at_disk`
    bool connected = true;                      ///< transmits succeed
    bool writes = true;                         ///< the kernel takes what is transmitted
    struct waiting_store {
        sms_record record;
        unsigned step;
    };
    std::vector<waiting_store> at_disk;

    /// Lets stores finish that had to wait.
    void finish_stores();

private:
    void finish(const waiting_store& s);
    void carry_out(sms_command::store& s);
    void carry_out(sms_command::transmit& t);
    void carry_out(sms_command::answer& a);
    void carry_out(sms_command::rejected&) {}
    void carry_out(sms_command::report& r);
    void carry_out(sms_command::note& n);

    std::uint64_t seed_;
    std::uint64_t next_id_ = 1;
};

}  // namespace aiflow::test
