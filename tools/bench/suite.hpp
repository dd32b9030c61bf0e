#pragma once

#include "bench/application.hpp"
#include "bench/plan.hpp"
#include "bench/results.hpp"
#include "bench/tls.hpp"

#include <functional>
#include <string>
#include <vector>

namespace aiflow::bench {

/// Puts on the cases of a plan, in rounds: in each one all cases, in each case one application
/// after the other, beginning with another one in every round.
class suite {
public:
    /// `note`: told what is being measured, for whoever waits.
    suite(plan p, std::function<void(const std::string&)> note);

    /// Node's version; throws `runtime_error` that says what is missing, and how to get it.
    static std::string node_version(const std::string& folder);

    /// Throws `runtime_error` with the case and the application when anything goes wrong: an answer
    /// that is missing, one too many, one for another call, an application that ends.
    void measure(results& into);

private:
    figures measure(const bench_case& c, const std::string& app);
    figures play(const bench_case& c, const std::string& app);
    figures measure_memory(const bench_case& c, const std::string& app);
    figures measure_threads();

    std::vector<std::string> command(const bench_case& c, const std::string& app,
                                     std::uint16_t port, std::size_t connections) const;
    tls_context tls_for(const bench_case& c) const;

    plan plan_;
    std::function<void(const std::string&)> note_;
    certificate_files files_;
    std::vector<int> application_cores_;
    std::vector<int> all_cores_;
    bool own_core_ = false;  ///< the driver has a core for itself
};

}  // namespace aiflow::bench
