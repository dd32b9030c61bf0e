#pragma once

#include "sms/sms_tracker.hpp"
#include "sms_ledger.hpp"

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace aiflow::test {

/// How bad a day it is. Probabilities are per message or per call.
struct sms_day_options {
    std::uint64_t seed = 1;
    std::size_t calls = 200;
    clock::duration length = std::chrono::hours{2};
    std::size_t numbers = 150;
    double failure = 0.3;
    double connection_loss = 0.15;
    double transfer = 0.1;
    double storage_error = 0.01;
    std::size_t crashes = 3;
    sms_rules rules = {};
};

/// Calls, an SMS service, a disk and a network, all at random, around one tracker.
class sms_world {
public:
    explicit sms_world(sms_day_options options);

    /// Runs the day and the one after it, so that everything is over; the books are in the result.
    const sms_ledger& run();

    sms_statistics statistics() const { return tracker_->statistics(); }

private:
    struct call {
        std::string id;
        bool connected = false;
        bool over = false;
        unsigned connection = 0;  ///< counts, so that old frames are told from new ones
    };
    struct happening {
        clock::time_point when;
        std::uint64_t order;
        std::function<void()> what;
        bool dies_with_process;
        bool operator>(const happening& o) const
        {
            return std::tie(when, order) > std::tie(o.when, o.order);
        }
    };

    bool chance(double p) { return std::uniform_real_distribution<double>(0, 1)(random_) < p; }
    std::size_t pick(std::size_t n)
    {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
    }
    clock::duration between(std::chrono::milliseconds least, std::chrono::milliseconds most);
    void later(clock::duration in, std::function<void()> what, bool dies_with_process = false);
    void advance_to(clock::time_point when);

    void plan_call(std::size_t n);
    void begin(call& c);
    void submit(call& c);
    void lose_connection(call& c);
    void end(call& c);
    void crash();
    void settle_fate(std::string session, std::string recipient);
    void fail(std::string session, std::string recipient, std::string reason);

    void settle();
    void carry_out(sms_command::store& s);
    void carry_out(sms_command::transmit& t);
    void carry_out(sms_command::answer& a) { ledger_.answered(at_.now, a); }
    void carry_out(sms_command::rejected&) {}
    void carry_out(sms_command::report& r) { ledger_.reported(r); }
    void carry_out(sms_command::note&) {}

    sms_day_options options_;
    std::mt19937_64 random_;
    sms_moment at_;
    std::unique_ptr<sms_tracker> tracker_;
    sms_ledger ledger_;
    std::priority_queue<happening, std::vector<happening>, std::greater<>> coming_;
    std::uint64_t order_ = 0;
    std::uint64_t process_ = 0;
    std::uint64_t next_id_ = 1;
    std::vector<std::unique_ptr<call>> calls_;
    std::unordered_map<std::string, call*> by_id_;
    std::map<std::uint64_t, sms_record> disk_;
    std::unordered_map<std::uint64_t, clock::time_point> disk_busy_;  ///< by message
};

}  // namespace aiflow::test
