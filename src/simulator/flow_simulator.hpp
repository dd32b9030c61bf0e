#pragma once

#include "aiflow/message_stream.hpp"
#include "simulator/happening.hpp"
#include "simulator/journal.hpp"
#include "simulator/scenario.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace aiflow::simulator {

/// What a transport can do to its connection beyond `message_stream`. Where one is missing, the
/// connection is aborted instead.
struct wire_faults {
    std::function<void()> reset = {};       ///< breaks the connection so that the peer sees a reset
    std::function<void()> half_close = {};  ///< ends the sending direction only
};

struct simulator_options {
    double speed = 1.0;  ///< divides what the service takes: starts, waits, speech, answers to SMS
    std::uint64_t seed = 1;  ///< of the session ids
    observer observe = {};
};

class simulator_core;

/// Plays a scenario to whoever is connected: the service's side of AI Flow, behind the handshake.
///
/// Calls begin when the scenario's number of connections is there, and are given to connections as
/// it says. A call whose connection is gone goes on with the next one.
///
/// Thread safety: none; the executor of `run`, which has to run one handler at a time.
/// Lifetime: `time` must outlive it and every coroutine of it; the coroutines may outlive it.
class flow_simulator {
public:
    flow_simulator(clock& time, scenario s, simulator_options options = {});

    /// Plays until every call is over, or `stop` was called; then decides the scenario's
    /// expectations, closes the connections and waits until each `serve` has completed.
    /// Cancellation: terminal; connections are left as they are.
    asio::awaitable<void> run();

    /// Serves one connection until it ends, in whatever way.
    /// Cancellation: terminal; the stream is dropped.
    asio::awaitable<void> serve(std::unique_ptr<message_stream> stream, wire_faults faults = {});

    /// Ends `run` early: connections are closed with 1001.
    void stop();

    /// How many more connections the calls have a use for: until they begin, what is missing of
    /// the scenario's number; then, what is needed to replace those that were lost.
    std::size_t connections_wanted() const;

    /// Whether the connections that the calls wait for have been there.
    bool begun() const noexcept;

    /// Whether the expectations have been decided: connections are being closed.
    bool over() const noexcept;

    /// What has happened so far.
    const journal& record() const noexcept;

    const scenario& plan() const noexcept;

private:
    std::shared_ptr<simulator_core> core_;
};

}  // namespace aiflow::simulator
