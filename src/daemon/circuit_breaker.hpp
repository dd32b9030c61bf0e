#pragma once

#include "aiflow/clock.hpp"

#include <cstdint>

namespace aiflow {

/// Decides when a web app that fails is left alone: after so many failures in a row for a pause,
/// and then until one request, the probe, has succeeded.
///
/// Thread safety: none. A value; no I/O, time is given.
class circuit_breaker {
public:
    circuit_breaker(unsigned failures, clock::duration pause) : limit_(failures), pause_(pause) {}

    /// Takes over other limits; where it stands stays.
    void set_limits(unsigned failures, clock::duration pause)
    {
        limit_ = failures;
        pause_ = pause;
    }

    /// What a request is.
    enum class pass : std::uint8_t {
        none,    ///< it must not be made
        normal,  ///< it may be made
        probe,   ///< it may be made, and decides for all others
    };

    /// Asks for a request. If it may be made, exactly one of the three below is to follow.
    pass ask(clock::time_point now);

    /// How a request ended. True when that has opened or closed the breaker.
    bool succeeded();
    bool failed(pass p, clock::time_point now);

    /// A request ended without saying anything about the app.
    void dropped(pass p);

    bool open() const noexcept { return open_; }
    unsigned failures_in_a_row() const noexcept { return failures_; }

    /// When the next probe may be made, while it is open.
    clock::time_point next_probe() const noexcept { return next_; }

private:
    unsigned limit_;
    clock::duration pause_;
    unsigned failures_ = 0;
    bool open_ = false;
    bool probing_ = false;
    clock::time_point next_{};
};

}  // namespace aiflow
