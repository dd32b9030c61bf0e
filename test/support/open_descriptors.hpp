#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace aiflow::test {

/// How many descriptors this process has open, the one that counts included.
inline std::ptrdiff_t open_descriptors()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

}  // namespace aiflow::test
