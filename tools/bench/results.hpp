#pragma once

#include "bench/figures.hpp"
#include "bench/plan.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::bench {

/// What was measured in one case, by application and round.
struct case_result {
    bench_case what;
    std::map<std::string, std::vector<figures>, std::less<>> rounds;

    /// The median of the rounds; nothing when it was not measured.
    std::optional<double> value(std::string_view application, std::string_view figure) const;

    /// The median of each round's ratio, so that a machine that becomes slower from one round to
    /// the next does not matter.
    std::optional<double> ratio(std::string_view application, std::string_view to,
                                std::string_view figure) const;
};

/// Where it was measured.
struct circumstances {
    std::string date;
    std::string command;
    std::string processor;
    std::string system;
    std::string build;
    std::string node;  ///< the version, or why there is none
};

/// Everything that one run of the program measured.
struct results {
    circumstances where;
    std::deque<case_result> cases;

    case_result& of(const bench_case& c);
    const case_result* find(std::string_view workload, std::string_view role,
                            std::string_view wire) const;
};

/// The applications, in the order of the tables, and how they are named there.
struct application_name {
    std::string id;
    std::string title;
};
const std::vector<application_name>& application_names();

}  // namespace aiflow::bench
