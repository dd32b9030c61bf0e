#pragma once

#include "bench/figures.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace aiflow::bench {

/// How long a run is.
struct span_of_run {
    steady::duration warm_up{};
    steady::duration measured{};
    std::size_t least = 100;  ///< events, however slow the machine is
    std::size_t round = 1;    ///< events: whole rounds of so many are measured
};

/// What of a run is measured: first it warms up, then it is measured, and then what is still open
/// is let come in.
class window {
public:
    enum class phase : unsigned char { idle, warm_up, measuring, draining };

    explicit window(span_of_run span) : span_(span) {}

    void begin(steady::time_point now)
    {
        began_ = now;
        phase_ = phase::warm_up;
    }

    /// Goes on to the next phase when it is time. Says whether it has.
    bool move(steady::time_point now)
    {
        if (phase_ == phase::warm_up && now - began_ >= span_.warm_up) {
            began_ = now;
            phase_ = phase::measuring;
            return true;
        }
        if (phase_ == phase::measuring && now - began_ >= span_.measured && !enough_)
            enough_ = whole_rounds(std::max(counted_, span_.least));
        if (enough_ && phase_ == phase::measuring && counted_ >= *enough_) {
            took_ = now - began_;
            phase_ = phase::draining;
            return true;
        }
        return false;
    }

    phase current() const noexcept { return phase_; }
    bool measuring() const noexcept { return phase_ == phase::measuring; }
    bool draining() const noexcept { return phase_ == phase::draining; }

    /// An event was answered; counts while it is measured.
    void count() noexcept { counted_ += measuring() ? 1 : 0; }
    std::size_t counted() const noexcept { return counted_; }

    /// How long it measured.
    double seconds() const { return std::chrono::duration<double>(took_).count(); }
    double rate() const { return static_cast<double>(counted_) / seconds(); }

private:
    std::size_t whole_rounds(std::size_t events) const
    {
        return (events + span_.round - 1) / span_.round * span_.round;
    }

    span_of_run span_;
    phase phase_ = phase::idle;
    steady::time_point began_{};
    steady::duration took_{};
    std::size_t counted_ = 0;
    std::optional<std::size_t> enough_;  ///< once the time is over
};

}  // namespace aiflow::bench
