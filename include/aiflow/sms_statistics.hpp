#pragma once

#include "aiflow/event.hpp"
#include "aiflow/sms.hpp"
#include "aiflow/time_histogram.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace aiflow {

/// What became of the SMS since the start. A snapshot; counters only grow, gauges say so.
///
/// `accepted == assumed_sent + unobserved + failed + abandoned + expired + cancelled + open` as
/// long as no message was restored from an outbox or is open again after a late failure.
struct sms_statistics {
    std::uint64_t accepted = 0;
    std::uint64_t repeated = 0;  ///< submits answered with an earlier message's ticket
    std::uint64_t refused = 0;   ///< submits refused with a named error
    std::uint64_t restored = 0;  ///< open messages found in the outbox at the start

    std::uint64_t attempts = 0;  ///< frames handed to a connection
    std::uint64_t retries = 0;   ///< of these, not the first of their message

    // First outcomes; a correction counts in `corrected` alone.
    std::uint64_t assumed_sent = 0;
    std::uint64_t unobserved = 0;
    std::uint64_t failed = 0;
    std::uint64_t abandoned = 0;
    std::uint64_t expired = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t corrected = 0;

    // `sms_failed` events, by how they were matched (reliability.md 3.2).
    std::uint64_t matched = 0;
    std::uint64_t late = 0;
    std::uint64_t ambiguous = 0;
    std::uint64_t orphans = 0;
    /// The same events by reason; indexed by `sms_reason`.
    std::array<std::uint64_t, 7> by_reason{};

    /// From an attempt's start to its failure, for `matched` and `late`.
    time_histogram failure_latency;
    /// From an attempt's start to the proof that the peer has it, where there was one.
    time_histogram hand_off_time;

    std::uint64_t storage_errors = 0;
    std::uint64_t breaker_openings = 0;  ///< of the transient breaker

    std::size_t open = 0;           ///< gauge: messages without an outcome
    std::size_t held = 0;           ///< gauge: of these, not yet handed to a connection
    std::size_t waiting_retry = 0;  ///< gauge: of these, waiting to be tried again
    bool breaker_open = false;      ///< gauge
    bool account_refused = false;   ///< gauge

    std::uint64_t with_reason(sms_reason r) const noexcept
    {
        return by_reason[static_cast<std::size_t>(r)];
    }
};

}  // namespace aiflow
