#pragma once

#include "aiflow/clock.hpp"

#include <deque>
#include <optional>

namespace aiflow {

/// Knows until when something is being said in a call, though the event that tells its end may
/// never come and does not say whose end it is (protocol.md 3.7). What is said while something is
/// being said is taken to wait for its turn.
///
/// Decides only: no clock of its own.
class speech_watch {
public:
    using time_point = clock::time_point;

    /// Something is said, which takes no longer than `at_most` when its turn has come.
    void begun(time_point now, clock::duration at_most);

    /// The end of a speech was told.
    void ended(time_point now);

    /// All of it was stopped, or must be over.
    void silenced(time_point now);

    /// When all of it has ended at the latest; nothing when nothing is being said.
    std::optional<time_point> silent_by(time_point now);

private:
    void forget_ended(time_point now);

    std::deque<clock::duration> waiting_;  // the longest times; the first one is being said
    time_point first_began_{};
    time_point deaf_until_{};
};

}  // namespace aiflow
