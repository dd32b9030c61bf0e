#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace aiflow::bench {

/// What is to be compared, and how long. The members are the program's flags.
struct plan {
    std::vector<std::string> workloads;     ///< empty: all
    std::vector<std::string> roles;         ///< of the application: "listen", "dial"; empty: both
    std::vector<std::string> wires;         ///< "plain", "tls"; empty: both
    std::vector<std::string> applications;  ///< "aiflow", "beast", "node"; empty: all there are
    std::size_t rounds = 5;
    double seconds = 1.0;
    double warm_up = 0.5;
    double rate = 5'000;                              ///< of the open loop
    std::vector<std::size_t> calls{1'000, 5'000};     ///< open at a time
    std::vector<std::size_t> sessions{1'000, 5'000};  ///< for memory
    std::size_t churn = 100'000;                      ///< calls between two looks at memory
    unsigned bot_threads = 1;
    std::string node_folder;  ///< where app.mjs is

    /// So little of everything that it takes seconds: that it works, not how fast.
    void shorten();
};

/// One line of the report: a workload, and how it is put on.
struct bench_case {
    std::string workload;  ///< the name, with the size where there are several
    std::string role;
    std::string wire;
    std::size_t size = 0;  ///< calls at a time

    bool operator==(const bench_case&) const = default;
    std::string text() const { return workload + ", " + role + ", " + wire; }
};

/// Every name that `plan::workloads` may have.
const std::vector<std::string>& workload_names();

/// The cases of a plan, in the order in which they are put on.
std::vector<bench_case> cases_of(const plan& p);

/// Whether other applications take part.
bool is_compared(const bench_case& c);

/// Whether it is put on in the first round only, since it does not depend on speed.
bool is_once(const bench_case& c);

}  // namespace aiflow::bench
