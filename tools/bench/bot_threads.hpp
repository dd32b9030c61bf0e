#pragma once

#include "aiflow/handler.hpp"

namespace aiflow::bench {

/// Answers per second of so many threads, each on a core of its own, with a listener and 64
/// connections that nobody else touches.
///
/// Each thread plays both ends in turn: it runs its listener until there is nothing left to do,
/// then a driver. Only the listener's time counts, so the driver does not. Throws what a driver
/// throws.
double rate_of_threads(const handler_factory& factory, unsigned threads, double seconds);

}  // namespace aiflow::bench
