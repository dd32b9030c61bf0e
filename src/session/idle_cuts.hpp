#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace aiflow {

/// Tells when connections are lost always after the same silence, which is what a proxy or firewall
/// does that has less patience than `ping_interval` (reliability.md F12). Decides only.
class idle_cuts {
public:
    /// A connection has ended with `error` at `now`, `silent` after its last byte came. True when
    /// one that was lost before that silence began had been silent for as long.
    bool ended(error_code error, clock::duration silent, clock::time_point now)
    {
        using namespace std::chrono_literals;
        // What is cut sooner was not idle.
        if (error != errc::connection_lost || silent < 1s)
            return false;
        // Those that are lost together, since the peer has gone, say nothing about each other.
        if (last_ && now - silent < last_->when)
            return false;
        const auto tolerance = std::max<clock::duration>(silent / 10, 250ms);
        const bool same = last_ && std::chrono::abs(silent - last_->silent) <= tolerance;
        last_ = {now, silent};
        return same;
    }

private:
    struct loss {
        clock::time_point when;
        clock::duration silent;
    };

    std::optional<loss> last_;
};

/// What is to be done about it, for the log.
inline constexpr const char* idle_cut_remedy =
    ", the second time after the same silence: something on the way cuts idle connections; lower "
    "ping_interval, or raise its limit";

}  // namespace aiflow
