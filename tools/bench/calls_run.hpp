#pragma once

#include "bench/event_texts.hpp"
#include "bench/open_questions.hpp"
#include "bench/run.hpp"
#include "bench/window.hpp"

#include <string>

namespace aiflow::bench {

/// Calls that come and go, each on a connection of its own: connect, start, five turns, end, close.
/// When one is over, the next one dials. For applications that are the server.
class calls_run final : public run {
public:
    static constexpr unsigned turns = 5;
    static constexpr unsigned events = turns + 2;  ///< of each call

    /// `at_once`: calls at a time. It ends when the time of `span` is over and `at_least` calls
    /// have come and gone in all. Calls that were opened together go on together, in waves, so
    /// what is measured is as many calls as are open, or that several times.
    calls_run(std::size_t at_once, std::size_t at_least, span_of_run span, bool names_session,
              cpu_meter cpu);

    void begin(driver& d) override;
    void opened(peer& p) override;
    void received(peer& p, std::string_view text, steady::time_point now) override;
    void ended(peer& p) override;
    void turn(steady::time_point now) override;
    bool done() const override;

    /// "rate": calls per second; "cpu_ns": of each of the seven events of a call, with its part of
    /// connecting and closing; how long the turns took.
    figures result();

private:
    void ask(peer& p, const numbered_frame& event, steady::time_point now);

    std::size_t at_once_;
    std::size_t at_least_;
    window window_;
    answer_reader reader_;
    numbered_frame start_;
    numbered_frame turn_;
    numbered_frame end_;
    cpu_meter cpu_;
    driver* driver_ = nullptr;
    std::uint64_t calls_ = 0;  ///< that have begun
    std::size_t over_ = 0;
    latencies latencies_;
    std::uint64_t cpu_ns_ = 0;
};

}  // namespace aiflow::bench
