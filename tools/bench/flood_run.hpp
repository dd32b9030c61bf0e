#pragma once

#include "bench/open_questions.hpp"
#include "bench/run.hpp"
#include "bench/window.hpp"

#include <string>
#include <string_view>

namespace aiflow::bench {

/// Events of one call that need no answer, as fast as they can be written, and at last a question,
/// so that its answer says that all before it were taken. Once to warm up, once measured.
class flood_run final : public run {
public:
    /// `event`: the text of one, of call 0.
    flood_run(std::string_view event, span_of_run span, bool names_session, bool masked,
              cpu_meter cpu);

    void begin(driver& d) override;
    void opened(peer& p) override;
    void received(peer& p, std::string_view text, steady::time_point now) override;
    void turn(steady::time_point now) override;
    bool done() const override { return measured_ && done_; }

    /// "rate" and "cpu_ns" of events; no latency.
    figures result() const;

private:
    void start(steady::time_point now);

    span_of_run span_;
    answer_reader reader_;
    open_questions questions_;
    std::string block_;     ///< many events, ready-made
    std::string question_;  ///< the last one
    cpu_meter cpu_;
    driver* driver_ = nullptr;
    peer* peer_ = nullptr;
    bool measured_ = false;  ///< this is the second flood
    bool done_ = false;
    steady::time_point began_{};
    double seconds_ = 0;
    std::size_t sent_ = 0;
    std::uint64_t cpu_ns_ = 0;
};

}  // namespace aiflow::bench
