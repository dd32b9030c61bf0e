#include "bench/goals.hpp"

#include <optional>

namespace aiflow::bench {

namespace {

struct promise {
    const char* workload;
    const char* figure;
    const char* to;  ///< the other application
    double limit;
    bool at_least;
};

constexpr promise promises[] = {
    {"one", "rate", "beast", 0.95, true},          {"one", "p99_us", "beast", 1.2, false},
    {"pipeline", "rate", "beast", 3.0, true},      {"pipeline", "rate", "node", 4.0, true},
    {"fan", "rate", "beast", 0.9, true},           {"fan", "rate", "node", 1.5, true},
    {"flood", "rate", "beast", 0.75, true},        {"flood", "rate", "node", 1.6, true},
    {"calls-1000", "rate", "beast", 0.95, true},   {"calls-1000", "rate", "node", 1.7, true},
    {"calls-1000", "cpu_ns", "beast", 1.2, false}, {"calls-5000", "rate", "beast", 0.95, true},
    {"calls-5000", "rate", "node", 1.7, true},     {"calls-5000", "cpu_ns", "beast", 1.2, false}};

std::string title(const promise& p)
{
    const std::string figure = p.figure;
    const std::string prefix = figure == "p99_us" ? "p99, " : figure == "cpu_ns" ? "CPU, " : "";
    for (const auto& name : application_names())
        if (name.id == p.to)
            return prefix + "× " + name.title;
    return prefix + p.to;
}

void add(std::vector<goal>& all, goal g, std::optional<double> reached)
{
    if (!reached)
        return;
    g.reached = *reached;
    all.push_back(std::move(g));
}

}  // namespace

std::vector<goal> check_goals(const results& r)
{
    std::vector<goal> all;
    for (const auto& p : promises)
        for (const std::string role : {"listen", "dial"})
            if (const auto* c = r.find(p.workload, role, "plain"))
                add(all, {p.workload, role, title(p), p.limit, p.at_least},
                    c->ratio("aiflow", p.to, p.figure));

    const auto* sms = r.find("sms", "listen", "plain");
    const auto* spoken = r.find("sms-speak", "listen", "plain");
    if (sms != nullptr && spoken != nullptr) {
        const auto texted = sms->value("aiflow", "rate");
        const auto said = spoken->value("aiflow", "rate");
        if (texted && said)
            add(all, {"sms", "listen", "× the same flow with speak", 0.5, true}, *texted / *said);
    }
    if (const auto* memory = r.find("memory", "listen", "plain")) {
        add(all, {"memory", "listen", "bytes for each of 5,000 connections", 9 * 1024, false},
            memory->value("aiflow", "bytes_5000"));
        add(all, {"memory", "listen", "× after the calls that came and went", 1.05, false},
            memory->value("aiflow", "growth"));
    }
    if (const auto* threads = r.find("threads", "listen", "plain"))
        add(all, {"threads", "listen", "× one thread", 1.8, true},
            threads->value("aiflow", "ratio"));
    return all;
}

}  // namespace aiflow::bench
