#pragma once

#include "bench/event_texts.hpp"
#include "bench/open_questions.hpp"
#include "bench/run.hpp"
#include "bench/window.hpp"

#include <vector>

namespace aiflow::bench {

/// Sessions that begin, ask once, and end; so many at a time on one connection. For our bot only.
///
/// With `answer::sms`, one is settled when its `send_sms` has come and the ping behind it has been
/// answered; with `answer::speak`, when its `speak` has come.
class sms_run final : public run {
public:
    enum class answer : unsigned char { speak, sms };

    sms_run(answer kind, std::size_t at_once, span_of_run span, cpu_meter cpu);

    void begin(driver& d) override;
    void opened(peer& p) override;
    void received(peer& p, std::string_view text, steady::time_point now) override;
    void pinged(peer& p, steady::time_point now) override;
    void turn(steady::time_point now) override;
    bool done() const override { return window_.draining() && open_.empty() && unproven_.empty(); }

    /// "rate": sessions per second; "cpu_ns" of each of them.
    figures result();

private:
    void begin_session(peer& p, steady::time_point now);
    void settle(peer& p, const open_questions::question& q, steady::time_point now);

    answer kind_;
    std::size_t at_once_;
    window window_;
    answer_reader reader_;
    numbered_frame start_;
    numbered_frame turn_;
    numbered_frame end_;
    cpu_meter cpu_;
    open_questions open_;
    std::vector<open_questions::question> unproven_;  ///< answered, but no ping has come since
    std::uint64_t sessions_ = 0;
    latencies latencies_;
    std::uint64_t cpu_ns_ = 0;
};

}  // namespace aiflow::bench
