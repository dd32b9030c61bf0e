#include "bench/goals.hpp"
#include "bench/report_files.hpp"

#include <boost/json.hpp>

namespace aiflow::bench {

namespace {

namespace json = boost::json;

json::object object_of(const figures& f)
{
    json::object o;
    for (const auto& [name, value] : f)
        o[name] = value;
    return o;
}

json::object object_of(const case_result& c)
{
    json::object applications;
    for (const auto& [name, rounds] : c.rounds) {
        json::array each;
        for (const auto& round : rounds)
            each.push_back(object_of(round));
        json::object ratios;
        for (const auto& other : application_names())
            if (const auto ratio = c.ratio(name, other.id, "rate"); ratio && other.id != name)
                ratios[other.id] = *ratio;
        applications[name] = {{"median", object_of(medians(rounds))},
                              {"rate_ratios", std::move(ratios)},
                              {"rounds", std::move(each)}};
    }
    return {{"workload", c.what.workload},
            {"role", c.what.role},
            {"wire", c.what.wire},
            {"applications", std::move(applications)}};
}

}  // namespace

std::string as_json(const results& r)
{
    json::array cases;
    for (const auto& c : r.cases)
        cases.push_back(object_of(c));
    json::array goals;
    for (const auto& g : check_goals(r))
        goals.push_back({{"workload", g.workload},
                         {"role", g.role},
                         {"what", g.what},
                         {g.at_least ? "at_least" : "at_most", g.limit},
                         {"measured", g.reached},
                         {"kept", g.kept()}});
    const json::object all{{"date", r.where.date},           {"command", r.where.command},
                           {"processor", r.where.processor}, {"system", r.where.system},
                           {"build", r.where.build},         {"node", r.where.node},
                           {"cases", std::move(cases)},      {"goals", std::move(goals)}};
    return json::serialize(all) + "\n";
}

}  // namespace aiflow::bench
