#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"
#include "aiflow/sms.hpp"
#include "protocol/string_hash.hpp"

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

/// The caps of reliability.md 3.7. They count accepted messages; what counts attempts says so.
namespace aiflow {

/// What a session has had.
struct sms_session_counts {
    unsigned messages = 0;
    unsigned frames = 0;  ///< attempts made, and those that are promised
    boost::container::small_vector<std::string, 1> recipients;
    std::optional<clock::time_point> last_accepted;
};

/// Why the session may not send one more, or nothing.
std::optional<problem> session_refusal(const sms_session_counts& had, const sms_rules& rules,
                                       const std::string& recipient, clock::time_point now);

/// The caps that hold over all sessions, and the time between two frames to one number.
class sms_limits {
public:
    explicit sms_limits(const sms_rules& rules);

    /// Why one more message is refused, or nothing.
    std::optional<problem> refusal(clock::time_point now, const std::string& recipient);

    /// A message was accepted. `at` is not before that of the call before.
    void accepted(clock::time_point at, const std::string& recipient);
    /// It was not, after all.
    void take_back(clock::time_point at, const std::string& recipient);

    /// From when on a frame may go to the number.
    clock::time_point free_at(const std::string& recipient) const;
    /// A frame goes to the number.
    void frame(clock::time_point now, const std::string& recipient);
    /// It did not, after all.
    void take_back_frame(clock::time_point at, const std::string& recipient);

    /// Forgets what limits nothing any more.
    void forget_old(clock::time_point now);
    std::optional<clock::time_point> next_forgetting() const;
    /// How many numbers are remembered.
    std::size_t numbers() const noexcept { return numbers_.size(); }

private:
    struct number {
        boost::container::small_vector<clock::time_point, 2> accepted;  ///< in the last hour; a few
        clock::time_point free_at = clock::time_point::min();
    };
    struct use {
        clock::time_point until;
        std::string recipient;
    };

    void forget(std::deque<use>& uses, clock::time_point now);

    boost::unordered_flat_map<std::string, number, string_hash> numbers_;
    std::deque<clock::time_point> minute_;  ///< of the messages of the last minute
    std::deque<use> accepted_;
    std::deque<use> frames_;  ///< that are remembered longer than what was accepted
    unsigned per_hour_;
    unsigned per_minute_;
    std::chrono::milliseconds spacing_;
};

}  // namespace aiflow
