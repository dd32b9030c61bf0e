#include "metrics_page.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>
#include <sstream>

namespace aiflow::test {

namespace {

const std::regex name_rule("[a-zA-Z_:][a-zA-Z0-9_:]*");
const std::regex label_rule("([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"\\\\\n]*)\"(,|$)");

std::string without(const std::string& name, const std::string& suffix)
{
    return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

}  // namespace

metrics_page::metrics_page(const std::string& text)
{
    if (!text.ends_with('\n'))
        problems.emplace_back("the last line has no end");
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('#'))
            comment(line);
        else if (!line.empty())
            sample(line);
    }
    for (const auto& [name, f] : families)
        if (f.type.empty() || f.help.empty())
            problems.push_back(name + ": has no TYPE or no HELP");
    check_histograms();
}

double metrics_page::at(const std::string& name) const
{
    const auto found = samples.find(name);
    return found == samples.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

void metrics_page::comment(const std::string& line)
{
    std::istringstream in(line);
    std::string mark;
    std::string what;
    std::string name;
    std::string rest;
    in >> mark >> what >> name >> std::ws;
    std::getline(in, rest);
    if (what == "HELP") {
        if (families.contains(name))
            problems.push_back(name + ": a second family of that name");
        families[name].help = rest;
    } else if (what == "TYPE") {
        if (!families.contains(name) || !families[name].type.empty())
            problems.push_back(name + ": TYPE without HELP before it, or twice");
        families[name].type = rest;
        if (rest != "counter" && rest != "gauge" && rest != "histogram")
            problems.push_back(name + ": is of type " + rest);
        if ((rest == "counter") != name.ends_with("_total"))
            problems.push_back(name + ": _total is for counters, and for them alone");
    } else {
        problems.push_back(line + ": neither HELP nor TYPE");
    }
    current_ = name;
}

void metrics_page::sample(const std::string& line)
{
    const auto blank = line.rfind(' ');
    const std::string key = line.substr(0, blank);
    const auto brace = key.find('{');
    const std::string name = key.substr(0, brace);
    double value = 0;
    try {
        value = std::stod(line.substr(blank + 1));
    } catch (const std::exception&) {
        problems.push_back(line + ": no number");
    }
    if (!samples.emplace(key, value).second)
        problems.push_back(key + ": stands here twice");
    if (!std::regex_match(name, name_rule))
        problems.push_back(name + ": is no name");

    const bool histogram = families[current_].type == "histogram";
    const std::string belongs_to =
        histogram ? without(without(without(name, "_bucket"), "_sum"), "_count") : name;
    if (belongs_to != current_)
        problems.push_back(line + ": stands below " + current_);
    if (brace == std::string::npos)
        return;
    const std::string inner = key.substr(brace + 1, key.size() - brace - 2);
    read_labels(inner, line);
    if (histogram && name.ends_with("_bucket")) {
        const auto le = inner.find("le=\"");
        const std::string others = belongs_to + "{" + without(inner.substr(0, le), ",");
        buckets_[others].push_back(value);
        last_bound_[others] = inner.substr(le);
    }
}

void metrics_page::read_labels(const std::string& text, const std::string& line)
{
    std::set<std::string> names;
    std::size_t used = 0;
    for (std::sregex_iterator at(text.begin(), text.end(), label_rule), end; at != end; ++at) {
        used += static_cast<std::size_t>(at->length());
        if (!names.insert((*at)[1]).second)
            problems.push_back(line + ": has a label twice");
        labels.insert((*at)[1].str() + "=" + (*at)[2].str());
    }
    if (used != text.size())
        problems.push_back(line + ": has labels that cannot be read");
}

void metrics_page::check_histograms()
{
    for (const auto& [key, counts] : buckets_) {
        const auto brace = key.find('{');
        const std::string labels_of = brace + 1 == key.size() ? "" : key.substr(brace) + "}";
        if (!std::is_sorted(counts.begin(), counts.end()))
            problems.push_back(key + ": its buckets are not cumulative");
        if (last_bound_[key] != "le=\"+Inf\"")
            problems.push_back(key + ": its last bucket is not +Inf");
        if (at(key.substr(0, brace) + "_count" + labels_of) != counts.back())
            problems.push_back(key + ": its count is not that of the last bucket");
        if (std::isnan(at(key.substr(0, brace) + "_sum" + labels_of)))
            problems.push_back(key + ": has no sum");
    }
}

}  // namespace aiflow::test
