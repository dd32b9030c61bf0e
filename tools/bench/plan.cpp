#include "bench/plan.hpp"

#include <algorithm>

namespace aiflow::bench {

namespace {

bool wanted(const std::vector<std::string>& names, const std::string& name)
{
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

struct kind {
    std::string workload;
    bool dials = true;     ///< also with the application as client
    bool encrypts = true;  ///< also with TLS
    bool compared = true;  ///< with other applications
    bool once = false;
};

const std::vector<kind>& kinds()
{
    static const std::vector<kind> all{{"one"},
                                       {"pipeline"},
                                       {"fan"},
                                       {"flood"},
                                       {"flood-started"},
                                       {"open"},
                                       {"calls", false},
                                       {"sms", false, false, false},
                                       {"sms-speak", false, false, false},
                                       {"memory", false, true, true, true},
                                       {"threads", false, false, false}};
    return all;
}

// Two of them belong to the workload that is named like their beginning.
std::string name_of(const kind& k)
{
    return k.workload.substr(0, k.workload.find('-'));
}

std::vector<bench_case> sized(const kind& k, const plan& p)
{
    if (k.workload != "calls")
        return {{k.workload, {}, {}, 0}};
    std::vector<bench_case> all;
    for (const auto n : p.calls)
        all.push_back({"calls-" + std::to_string(n), {}, {}, n});
    return all;
}

const kind& kind_of(const bench_case& c)
{
    return *std::find_if(kinds().begin(), kinds().end(), [&](const kind& k) {
        return k.workload == (c.size == 0 ? c.workload : "calls");
    });
}

}  // namespace

void plan::shorten()
{
    rounds = 1;
    seconds = 0.05;
    warm_up = 0.02;
    rate = 2'000;
    calls = {5, 20};
    sessions = {10, 20};
    churn = 40;
}

const std::vector<std::string>& workload_names()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const auto& k : kinds())
            if (name_of(k) == k.workload)
                all.push_back(k.workload);
        return all;
    }();
    return names;
}

std::vector<bench_case> cases_of(const plan& p)
{
    std::vector<bench_case> all;
    for (const auto& k : kinds()) {
        if (!wanted(p.workloads, name_of(k)))
            continue;
        for (const std::string role : {"listen", "dial"}) {
            if (!wanted(p.roles, role) || (role == "dial" && !k.dials))
                continue;
            for (const std::string wire : {"plain", "tls"}) {
                if (!wanted(p.wires, wire) || (wire == "tls" && !k.encrypts))
                    continue;
                for (auto c : sized(k, p)) {
                    c.role = role;
                    c.wire = wire;
                    all.push_back(std::move(c));
                }
            }
        }
    }
    return all;
}

bool is_compared(const bench_case& c)
{
    return kind_of(c).compared;
}

bool is_once(const bench_case& c)
{
    return kind_of(c).once;
}

}  // namespace aiflow::bench
