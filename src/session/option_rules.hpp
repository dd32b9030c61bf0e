#pragma once

#include "aiflow/error.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace aiflow {

/// A duration that has to be within limits.
struct duration_rule {
    const char* field;
    std::chrono::milliseconds value;
    std::chrono::milliseconds least;
    std::chrono::milliseconds most;
};

/// A number that has to be within limits.
struct count_rule {
    const char* field;
    std::size_t value;
    std::size_t least;
    std::size_t most;
};

inline std::optional<problem> check(const duration_rule& r)
{
    if (r.value >= r.least && r.value <= r.most)
        return std::nullopt;
    return problem{make_error_code(errc::invalid_value), r.field,
                   "must be " + std::to_string(r.least.count()) + " to " +
                       std::to_string(r.most.count()) + " ms, not " +
                       std::to_string(r.value.count())};
}

inline std::optional<problem> check(const count_rule& r)
{
    if (r.value >= r.least && r.value <= r.most)
        return std::nullopt;
    return problem{make_error_code(errc::invalid_value), r.field,
                   "must be " + std::to_string(r.least) + " to " + std::to_string(r.most) +
                       ", not " + std::to_string(r.value)};
}

template <class Rules>
std::optional<problem> first_broken(const Rules& rules)
{
    for (const auto& rule : rules)
        if (auto wrong = check(rule))
            return wrong;
    return std::nullopt;
}

/// The options, if they are valid. Throws `failure`.
template <class Options>
Options valid_or_throw(Options options)
{
    if (auto wrong = validate(options))
        throw failure(std::move(*wrong));
    return options;
}

}  // namespace aiflow
