#pragma once

#include "bench/event_texts.hpp"
#include "bench/open_questions.hpp"
#include "bench/run.hpp"
#include "bench/schedule.hpp"
#include "bench/window.hpp"

#include <optional>
#include <vector>

namespace aiflow::bench {

/// An open loop: questions come at a fixed rate, in turn on each connection, whether the ones
/// before are answered or not. How long one took is counted from when it was due, so that an
/// application that falls behind cannot hide it.
class open_run final : public run {
public:
    open_run(std::size_t connections, double per_second, span_of_run span, bool names_session,
             bool masked, cpu_meter cpu);

    void begin(driver& d) override;
    void opened(peer& p) override;
    void received(peer& p, std::string_view text, steady::time_point now) override;
    void turn(steady::time_point now) override;
    bool done() const override { return window_.draining() && open_ == 0; }

    /// As `turnaround_run::result`.
    figures result();

private:
    std::size_t connections_;
    double per_second_;
    window window_;
    answer_reader reader_;
    numbered_frame question_;
    cpu_meter cpu_;
    driver* driver_ = nullptr;
    std::optional<schedule> schedule_;
    std::vector<peer*> peers_;
    std::vector<open_questions> questions_;  ///< by connection
    std::size_t next_peer_ = 0;
    std::size_t open_ = 0;
    latencies latencies_;
    std::uint64_t cpu_ns_ = 0;
};

}  // namespace aiflow::bench
