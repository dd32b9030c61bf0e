#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace aiflow {

/// For hash tables of texts in which views are looked up.
struct string_hash {
    using is_transparent = void;

    // Not noexcept, which has libstdc++ keep the hashes: to hash a text again is to fetch it from
    // memory.
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};

}  // namespace aiflow
