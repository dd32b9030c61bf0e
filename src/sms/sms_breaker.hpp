#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/event.hpp"
#include "aiflow/sms.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace aiflow {

/// Holds everything while the SMS centre is out of order (reliability.md 3.3, "breaker,
/// transient").
class sms_breaker {
public:
    explicit sms_breaker(const sms_rules& rules);

    /// A `smsc_unavailable` came. True: the breaker has opened with it.
    bool failure(clock::time_point now, std::string_view recipient);

    bool open() const noexcept { return open_; }

    /// Whether a frame may be prepared: always when closed, as the probe when one is due.
    bool may_pass(clock::time_point now) const noexcept
    {
        return !open_ || (next_probe_ && now >= *next_probe_);
    }
    /// When the next probe is due; nothing while one is being prepared.
    std::optional<clock::time_point> next_probe() const noexcept { return next_probe_; }

    /// The message is prepared as the probe. No other one is until it goes out or is withdrawn.
    void prepare_probe(sms_id id) noexcept;
    /// Whether the frame of a prepared message may go out: always when closed, as that probe.
    bool may_go_out(sms_id id) const noexcept { return !open_ || probe_ == id; }
    /// The probe goes out.
    void probe_sent(clock::time_point now) noexcept;
    /// The message did not go out after all. No effect if another one is the probe by now.
    void probe_withdrawn(sms_id id, clock::time_point now) noexcept;
    void close() noexcept;

private:
    void forget_older(clock::time_point limit);

    struct failed {
        clock::time_point at;
        std::string recipient;
    };

    std::deque<failed> failures_;
    std::unordered_map<std::string, unsigned> recipients_;  ///< of `failures_`
    std::optional<clock::time_point> next_probe_;
    std::optional<sms_id> probe_;  ///< the latest since it opened
    unsigned limit_failures_;
    unsigned limit_recipients_;
    std::chrono::milliseconds window_;
    std::chrono::milliseconds probe_interval_;
    bool open_ = false;
};

/// Refuses everything for a while when the account may not send (reliability.md 3.3, "breaker,
/// account"); afterwards one message is let through to find out.
class sms_account_guard {
public:
    explicit sms_account_guard(std::chrono::milliseconds refusal) : refusal_(refusal) {}

    struct cause {
        sms_reason reason = sms_reason::none;
        std::string text;
    };

    /// An account-level failure came. True: that is news, to be told once.
    bool refuse(clock::time_point now, sms_reason reason, std::string_view text);

    /// Why a new message is refused, or nothing.
    const cause* refuses_new(clock::time_point now) const noexcept;
    /// Why an accepted message is not tried, or nothing.
    const cause* refuses_attempt(clock::time_point now) const noexcept;

    /// The accepted message that finds out; nothing when none is needed.
    void accepted(sms_id id) noexcept;
    /// It settled: `cleared` when that shows that the account may send again.
    void settled(sms_id id, bool cleared) noexcept;

    bool refusing() const noexcept { return cause_.has_value(); }

private:
    std::chrono::milliseconds refusal_;
    std::optional<cause> cause_;
    clock::time_point until_;
    std::optional<sms_id> probe_;
};

}  // namespace aiflow
