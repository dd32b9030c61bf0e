#pragma once

#include "sweep_log.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aiflow::test {

/// What must hold of every play, whatever went wrong in it (reliability.md, sections 1 and 3).
class sweep_invariants {
public:
    /// Lifetime: the log must outlive it.
    explicit sweep_invariants(const sweep_log& log) : log_(log) {}

    /// Those that are broken, in words; each begins with the name of the invariant.
    std::vector<std::string> broken();

private:
    // Each is one promise.
    void told_in_pairs();
    void told_in_order();
    void one_outcome();
    void honest_outcomes();
    void no_second_frame();
    void stored_first();
    void silent_after_the_end();
    void nothing_left();
    void works_again();

    /// The frames of one SMS.
    struct frames_seen {
        std::vector<std::string> answers;  ///< of the service, to those that arrived
        std::size_t out = 0;               ///< that got out, or may have
    };

    void compare(const sms_outcome& how, const frames_seen& seen);

    void fail(std::string what) { broken_.push_back(std::move(what)); }

    const sweep_log& log_;
    std::vector<std::string> broken_;
};

}  // namespace aiflow::test
