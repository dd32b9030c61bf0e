#pragma once

#include "simulator/flow_simulator.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

/// The service takes messages of many megabytes, since sounds are in them (protocol.md 6.3).
constexpr std::size_t largest_action = std::size_t{32} << 20;

/// Where a play gets its connections from: bots that dial in, or a bot that is dialled.
///
/// Thread safety: none; one thread.
/// Lifetime: has to outlive its coroutines.
class connection_source {
public:
    /// Who is told, in words, when a connection does not come about.
    struct watcher {
        std::function<void(std::string_view)> failed;   ///< once; others may follow
        std::function<void(std::string_view)> gave_up;  ///< for good: nobody will come
    };

    virtual ~connection_source() = default;

    /// The bot that the calls are for, as in "3 calls for …".
    virtual std::string bot() const = 0;

    virtual void start(watcher tell) = 0;

    /// Whom connections are given to from now on.
    virtual void play(aiflow::simulator::flow_simulator& sim) = 0;

    /// A connection of the play has been lost or cut, so another one may be wanted.
    virtual void connection_lost() = 0;

    virtual void stop() = 0;
};
