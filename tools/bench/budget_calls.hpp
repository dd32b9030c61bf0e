#pragma once

#include "aiflow/listener.hpp"
#include "bench/budget_bot.hpp"
#include "bench/budget_peer.hpp"
#include "bench/budget_workload.hpp"

#include <boost/asio/io_context.hpp>

#include <string>

namespace aiflow::bench {

/// Calls that come and go: each dials the listener by TCP, asks for the upgrade, starts, asks five
/// times, ends and closes. An event of this workload is one whole call.
class budget_calls final : public budget_workload {
public:
    budget_calls();
    ~budget_calls() override;

    std::size_t play(std::size_t calls, budget_turn turn) override;

private:
    void play_one(budget_turn turn);
    void talk(budget_peer& peer, budget_turn turn);

    asio::io_context io_{1};
    budget_counts counts_;
    listener listener_;
    std::size_t calls_ = 0;
    bool stopped_ = false;
};

}  // namespace aiflow::bench
