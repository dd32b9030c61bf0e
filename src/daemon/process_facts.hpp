#pragma once

#include <cstdint>
#include <optional>

namespace aiflow {

/// What the kernel knows of this process; absent what it does not tell.
struct process_facts {
    std::optional<std::uint64_t> resident_bytes = {};
    std::optional<std::uint64_t> open_files = {};
};

/// Reads /proc/self. Never fails: what cannot be read is absent.
process_facts read_process_facts();

}  // namespace aiflow
