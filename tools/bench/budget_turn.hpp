#pragma once

#include "aiflow/clock.hpp"

#include <boost/asio/io_context.hpp>

namespace aiflow::bench {

/// Lets the library do everything that can be done now. Throws when nothing can be done for long:
/// then an answer is missing.
using budget_turn = void (*)(asio::io_context&);

/// The one whose instructions are counted: `tools/check-instructions` knows it by its name.
void measured_turn(asio::io_context& io);

/// The same for everything that is not to be counted.
void uncounted_turn(asio::io_context& io);

/// A clock that stands still, so that no count depends on how long anything takes.
clock& standing_clock() noexcept;

}  // namespace aiflow::bench
