#pragma once

#include "fuzz_input.hpp"
#include "sms_model.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace aiflow::test {

/// Plays an input on a tracker, step by step, with a disk, connections and a service that do what
/// the input says, and with the model beside it.
class sms_play {
public:
    explicit sms_play(fuzz_input in);

    /// Plays the whole input, then lets three days pass.
    void run();

private:
    void step();
    void submit();
    void session_input();
    void frame_input();
    void fail();
    void crash();
    void stop();

    void pass(clock::duration span, bool punctual);
    void tick();
    void finish_store(std::size_t which, bool works);
    void resolve(std::size_t which, unsigned how);
    void lose_frames(const std::string& session);
    void carry_out();
    void carry_out(const sms_command::store& s);
    void carry_out(const sms_command::transmit& t);
    void carry_out(const sms_command::answer& a) { model_.answered(a); }
    void carry_out(const sms_command::rejected&) {}
    void carry_out(const sms_command::report& r) { model_.reported(at_, r); }
    void carry_out(const sms_command::note& n);
    void end();

    std::string session();
    std::string number();

    fuzz_input in_;
    sms_rules rules_;
    bool disk_waits_ = false;
    bool kernel_waits_ = false;
    sms_moment at_;
    std::unique_ptr<sms_tracker> tracker_;
    sms_model model_;
    std::map<std::uint64_t, sms_record> disk_;
    struct waiting_store {
        sms_record record;
        unsigned step;
    };
    std::deque<waiting_store> at_disk_;
    struct frame {
        sms_attempt_key key;
        std::string session;
    };
    std::vector<frame> at_kernel_;  ///< being written
    std::vector<frame> sent_;       ///< whose pongs may come
    std::vector<sms_id> submitted_;
    std::map<std::string, bool> up_;
    std::uint64_t next_id_ = 1;
};

}  // namespace aiflow::test
