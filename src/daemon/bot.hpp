#pragma once

#include "daemon/bot_handler.hpp"
#include "daemon/config.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace aiflow {

/// How well the bot is, for `/readyz`, `aiflowctl status` and the metrics.
struct bot_health {
    bool ready = true;
    std::string text = {};          ///< "the child exited with 1; again in 2 s"; may be empty
    std::uint64_t answers = 0;      ///< actions, or answers that held some
    std::uint64_t bad_answers = 0;  ///< lines or answers that were no actions
    std::uint64_t failures = 0;     ///< requests that failed; the child's ends
    std::size_t waiting = 0;        ///< gauge: events on their way to it
};

/// Who answers the calls: rules, a child process or a web app. Makes one handler for each call.
///
/// Thread safety: none; the daemon's executor.
/// Lifetime: outlives its handlers.
class bot {
public:
    virtual ~bot() = default;

    virtual std::unique_ptr<bot_handler> take(session call) = 0;

    /// What it does besides the calls, until cancelled; completes at once if that is nothing.
    virtual asio::awaitable<void> run() = 0;

    /// Asks it to end, when the calls have ended: `run` completes within `by`.
    virtual void stop() = 0;

    virtual bot_health health() const = 0;

    /// Takes over what may change while it runs; `config` has been checked. Problem: nothing has
    /// changed.
    virtual std::optional<problem> reload(const daemon_config& config) = 0;
};

}  // namespace aiflow
