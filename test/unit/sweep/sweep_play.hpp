#pragma once

#include "failing_outbox.hpp"
#include "fault.hpp"
#include "manual_clock.hpp"
#include "simulator/flow_simulator.hpp"
#include "sweep_bot.hpp"
#include "sweep_side.hpp"

#include "aiflow/memory_outbox.hpp"
#include "aiflow/websocket.hpp"

#include <optional>
#include <string>

namespace aiflow::test {

/// The role that the library plays.
enum class sweep_role : unsigned char { client, listener, http };

std::string_view to_string(sweep_role r) noexcept;

/// One play of a sweep.
struct sweep_plan {
    simulator::scenario scenario;
    sweep_role role = sweep_role::client;
    /// Whether writes, the outbox and the bot's answers are done in the turn in which they begin;
    /// otherwise each takes its time.
    bool at_once = false;
    std::optional<fault> trouble = {};
};

/// Plays a scenario with a fault, then a call without any, and stops.
class sweep_play {
public:
    explicit sweep_play(sweep_plan plan);
    sweep_play(const sweep_play&) = delete;
    sweep_play& operator=(const sweep_play&) = delete;
    ~sweep_play();

    /// Everything that happened. Once.
    sweep_log run();

    /// The expectations of the scenario that did not hold.
    const std::vector<std::string>& failures() const noexcept { return failures_; }

    std::size_t steps(step_kind k) const noexcept { return point_.count(k); }

private:
    static asio::awaitable<dial_result> dial_out(sweep_play* self);
    static asio::awaitable<void> dial_in(sweep_play* self);

    void make_side();
    void start_side();
    void play(simulator::scenario s);
    void play_to_end();
    void call_again();
    void finish();
    void take_stock();
    void destroy();
    void meddle(fault_way how);
    std::unique_ptr<message_stream> connect();
    failing_outbox::verdict decide(failing_outbox::operation what);
    void see(const simulator::happening& h);

    // In the order in which they may go: coroutines use what comes first.
    manual_clock time_;
    sweep_plan plan_;
    sweep_log log_;
    fault_point point_;
    bot_world world_;
    memory_outbox memory_;
    failing_outbox store_;
    std::optional<asio::io_context> io_{std::in_place};
    std::optional<simulator::flow_simulator> service_;
    std::shared_ptr<sweep_side> side_;
    std::vector<std::string> failures_;
    std::size_t connections_ = 0;
    std::uint64_t plays_ = 0;
    bool over_ = false;
    bool dialling_ = true;
    bool meddled_ = false;
};

}  // namespace aiflow::test
