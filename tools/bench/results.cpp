#include "bench/results.hpp"

#include <algorithm>

namespace aiflow::bench {

std::optional<double> case_result::value(std::string_view application,
                                         std::string_view figure) const
{
    const auto found = rounds.find(application);
    if (found == rounds.end())
        return std::nullopt;
    const auto all = medians(found->second);
    const auto value = all.find(figure);
    if (value == all.end())
        return std::nullopt;
    return value->second;
}

std::optional<double> case_result::ratio(std::string_view application, std::string_view to,
                                         std::string_view figure) const
{
    const auto a = rounds.find(application);
    const auto b = rounds.find(to);
    if (a == rounds.end() || b == rounds.end())
        return std::nullopt;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < std::min(a->second.size(), b->second.size()); ++i) {
        const auto x = a->second[i].find(figure);
        const auto y = b->second[i].find(figure);
        if (x != a->second[i].end() && y != b->second[i].end() && y->second > 0)
            ratios.push_back(x->second / y->second);
    }
    if (ratios.empty())
        return std::nullopt;
    return median(std::move(ratios));
}

case_result& results::of(const bench_case& c)
{
    const auto found =
        std::find_if(cases.begin(), cases.end(), [&](const case_result& r) { return r.what == c; });
    return found != cases.end() ? *found : cases.emplace_back(case_result{c, {}});
}

const case_result* results::find(std::string_view workload, std::string_view role,
                                 std::string_view wire) const
{
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const case_result& r) {
        return r.what.workload == workload && r.what.role == role && r.what.wire == wire;
    });
    return found != cases.end() ? &*found : nullptr;
}

const std::vector<application_name>& application_names()
{
    static const std::vector<application_name> all{
        {"aiflow", "aiflow"}, {"beast", "bare Beast"}, {"node", "Node.js ws"}};
    return all;
}

}  // namespace aiflow::bench
