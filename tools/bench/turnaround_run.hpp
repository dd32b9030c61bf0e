#pragma once

#include "bench/event_texts.hpp"
#include "bench/open_questions.hpp"
#include "bench/run.hpp"
#include "bench/window.hpp"

#include <unordered_map>
#include <vector>

namespace aiflow::bench {

/// A closed loop: so many calls on each of so many connections, one question in flight in each.
class turnaround_run final : public run {
public:
    struct shape {
        std::size_t connections;
        std::size_t calls_each;
    };

    /// `names_session`: see `answer_reader`. `masked`: the driver is the client.
    turnaround_run(shape s, span_of_run span, bool names_session, bool masked, cpu_meter cpu);

    void begin(driver& d) override;
    void opened(peer& p) override;
    void received(peer& p, std::string_view text, steady::time_point now) override;
    void turn(steady::time_point now) override;
    bool done() const override;

    bool measuring() const noexcept { return window_.measuring(); }
    std::size_t counted() const noexcept { return window_.counted(); }

    /// "rate": answers per second; "cpu_ns" for each of them; how long they took.
    figures result();

private:
    shape shape_;
    window window_;
    answer_reader reader_;
    numbered_frame question_;
    cpu_meter cpu_;
    driver* driver_ = nullptr;
    std::vector<peer*> peers_;
    std::vector<open_questions> questions_;  ///< by connection
    std::size_t open_ = 0;                   ///< questions on all connections
    latencies latencies_;
    std::uint64_t cpu_ns_ = 0;
};

}  // namespace aiflow::bench
