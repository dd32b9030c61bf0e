#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/message_stream.hpp"
#include "aiflow/websocket.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

namespace aiflow {

/// When to try again (reliability.md section 2).
struct backoff_options {
    /// The first retry comes after a random part of this, the second after `initial * factor`, and
    /// so on up to `max`. 10 ms to `max`.
    std::chrono::milliseconds initial{1'000};
    double factor = 1.6;  ///< 1 to 10
    std::chrono::milliseconds max{60'000};
    double jitter = 0.2;  ///< part of a delay by which it varies either way; 0 to 0.9

    /// A connection must have lived this long, and have been proven, to start over. Not negative.
    std::chrono::milliseconds reset_after{30'000};

    /// After a failure that somebody has to mend: doubled each time. 1 s to the max below.
    std::chrono::milliseconds configuration_initial{30'000};
    std::chrono::milliseconds configuration_max{15 * 60'000};

    /// At least this long after the close codes 1012 and 1013. Not negative.
    std::chrono::milliseconds restart_min{5'000};

    /// How often the same kind of trouble is `loud`. At least 1 s.
    std::chrono::milliseconds loud_every{60 * 60'000};
};

/// What is wrong with the options, or nothing.
std::optional<problem> validate(const backoff_options& o);

/// What to do after an attempt failed or a connection ended.
struct backoff_decision {
    enum class_type : unsigned char {
        passing,        ///< an outage: goes away by itself
        configuration,  ///< somebody has to mend something: long delays, never an end
        told_to_wait,   ///< the server said when to come back
    };

    clock::duration delay{};
    class_type kind = passing;
    bool loud = false;  ///< an operator should see it: once per kind of trouble and hour
};

std::string_view to_string(backoff_decision::class_type c) noexcept;

/// Decides how long to wait before the next attempt. Every way in which an attempt or a connection
/// can end leads here; there is none after which it gives up.
///
/// Thread safety: none. Has neither a clock nor a source of randomness of its own.
class backoff {
public:
    /// Throws `failure` when the options are not valid. Two clients need two seeds: equal seeds
    /// give equal delays.
    backoff(const backoff_options& options, std::uint64_t seed);

    /// After an attempt that failed.
    backoff_decision next(const connect_failure& f, clock::time_point now);

    /// After a connection that was open for `lived`. It was `proven` if a valid event or a pong had
    /// come.
    backoff_decision next(const stream_end& e, clock::duration lived, bool proven,
                          clock::time_point now);

private:
    enum trouble : unsigned char { access, certificate, upgrade, tls, policy, address, troubles };

    double spread(double low, double high);
    clock::duration passing_delay();
    backoff_decision configuration(trouble t, clock::time_point now);
    bool loud(trouble t, clock::time_point now);

    backoff_options options_;
    std::mt19937_64 random_;
    double passing_ms_ = 0;        // 0: nothing has failed since the last proven connection
    double configuration_ms_ = 0;  // likewise
    std::array<std::optional<clock::time_point>, troubles> told_{};
};

}  // namespace aiflow
