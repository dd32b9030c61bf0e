#pragma once

#include "aiflow/error.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow {

/// A request to the daemon, taken apart.
struct control_request {
    std::string method;
    std::string path;
    std::map<std::string, std::string, std::less<>> query = {};
    std::string body = {};
    std::string parameter = {};  ///< what stands for the `*` of its route
};

/// Takes the target of a request apart. Nothing: it is no path with a query, or a name of the
/// query is there twice.
std::optional<control_request> parse_control_target(std::string_view target);

/// Reads a query strictly: each value by its name, and then there must be no others. The first
/// problem is kept. Lifetime: the request outlives it.
class query_reader {
public:
    explicit query_reader(const control_request& r) : query_(r.query) {}

    /// Empty when absent.
    std::string_view text(std::string_view name);
    /// `true` or `false`; false when absent.
    bool flag(std::string_view name);
    /// From 1 to `max`.
    std::size_t count(std::string_view name, std::size_t otherwise, std::size_t max);
    void report(std::string_view name, std::string text);

    /// To be called last. What is wrong, or nothing.
    std::optional<problem> finish();

private:
    const std::map<std::string, std::string, std::less<>>& query_;
    std::vector<std::string_view> asked_;
    std::optional<problem> found_;
};

}  // namespace aiflow
