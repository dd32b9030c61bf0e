#pragma once

#include "bench/budget_turn.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace aiflow::bench {

/// A fixed input for the library, and what it has to answer.
///
/// Thread safety: none; everything happens in the calling thread.
class budget_workload {
public:
    virtual ~budget_workload() = default;

    /// Plays so many events, rounded up to whole batches; tells how many. Throws when an answer is
    /// missing or is not the one that was expected.
    virtual std::size_t play(std::size_t events, budget_turn turn) = 0;
};

/// Ready to be played: connected, and with its sessions open. Null when there is none of that name.
std::unique_ptr<budget_workload> make_budget_workload(std::string_view name);

std::span<const std::string_view> budget_workload_names() noexcept;

}  // namespace aiflow::bench
