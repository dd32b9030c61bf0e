#include "bench/figures.hpp"

#include <algorithm>
#include <cmath>

namespace aiflow::bench {

double median(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

figures medians(const std::vector<figures>& rounds)
{
    std::map<std::string, std::vector<double>> columns;
    for (const auto& round : rounds)
        for (const auto& [name, value] : round)
            columns[name].push_back(value);
    figures result;
    for (auto& [name, values] : columns)
        result[name] = median(std::move(values));
    return result;
}

latencies::latencies()
{
    // Growing in the middle of a run would look like a slow answer.
    all_.reserve(std::size_t{1} << 20);
}

double latencies::percentile_us(double p)
{
    if (all_.empty())
        return 0;
    const auto rank = std::max(1.0, std::ceil(p * static_cast<double>(all_.size())));
    const auto nth =
        all_.begin() + static_cast<std::ptrdiff_t>(std::min(rank, double(all_.size()))) - 1;
    std::nth_element(all_.begin(), nth, all_.end());
    return static_cast<double>(*nth) / 1000;
}

void latencies::report(figures& to)
{
    if (all_.empty())
        return;
    to["p50_us"] = percentile_us(0.5);
    to["p99_us"] = percentile_us(0.99);
    to["p999_us"] = percentile_us(0.999);
}

}  // namespace aiflow::bench
