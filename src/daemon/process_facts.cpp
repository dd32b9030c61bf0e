#include "daemon/process_facts.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace aiflow {

namespace {

std::optional<std::uint64_t> resident_bytes()
{
    std::ifstream in("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    if (!(in >> all >> resident))
        return std::nullopt;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<std::uint64_t> open_files()
{
    std::error_code failed;
    std::filesystem::directory_iterator at("/proc/self/fd", failed);
    std::uint64_t count = 0;
    for (; !failed && at != std::filesystem::directory_iterator{}; at.increment(failed))
        ++count;
    // One of them is the one that the counting itself needs.
    return failed || count == 0 ? std::nullopt : std::optional(count - 1);
}

}  // namespace

process_facts read_process_facts()
{
    return {.resident_bytes = resident_bytes(), .open_files = open_files()};
}

}  // namespace aiflow
