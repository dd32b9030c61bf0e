#include "bench/report_tables.hpp"

#include "bench/goals.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace aiflow::bench {

namespace {

using cell = std::optional<double>;

constexpr const char* none = "–";

std::string text_of(const cell& value, double unit = 1)
{
    return value ? number_text(*value / unit) : none;
}

std::string times(const cell& ratio)
{
    return ratio ? number_text(*ratio) + " ×" : none;
}

std::vector<std::string> beginning_of(const case_result& c)
{
    return {c.what.workload, c.what.role, c.what.wire};
}

bool is_rated(const case_result& c)
{
    return c.what.workload != "memory" && c.what.workload != "threads";
}

table rates(const results& r)
{
    table t{
        "Rate",
        "Events answered in a second; of flood: events taken; of calls: whole calls. Ratios are "
        "aiflow's to the other's, the median of the rounds.",
        {"workload", "role", "wire"},
        {}};
    for (const auto& name : application_names())
        t.columns.push_back(name.title);
    t.columns.insert(t.columns.end(), {"to Beast", "to Node.js"});
    for (const auto& c : r.cases) {
        if (!is_rated(c))
            continue;
        auto row = beginning_of(c);
        for (const auto& name : application_names())
            row.push_back(text_of(c.value(name.id, "rate")));
        row.push_back(times(c.ratio("aiflow", "beast", "rate")));
        row.push_back(times(c.ratio("aiflow", "node", "rate")));
        t.rows.push_back(std::move(row));
    }
    return t;
}

table answer_times(const results& r)
{
    table t{"Time to an answer",
            "Microseconds, p50 / p99 / p99.9, from when a question was written (open: from when it "
            "was due; sms: until the hand-off is proven) until its answer was read.",
            {"workload", "role", "wire"},
            {}};
    for (const auto& name : application_names())
        t.columns.push_back(name.title);
    for (const auto& c : r.cases) {
        if (!is_rated(c) || !c.value("aiflow", "p50_us"))
            continue;
        auto row = beginning_of(c);
        for (const auto& name : application_names()) {
            const auto half = c.value(name.id, "p50_us");
            row.push_back(half ? text_of(half) + " / " + text_of(c.value(name.id, "p99_us")) +
                                     " / " + text_of(c.value(name.id, "p999_us"))
                               : none);
        }
        t.rows.push_back(std::move(row));
    }
    return t;
}

table processor(const results& r)
{
    table t{
        "Processor for each event",
        "Microseconds of the application's processor time, the kernel's on its behalf included; "
        "in brackets how much of its core it used. Below 90 % something else was the limit.",
        {"workload", "role", "wire"},
        {}};
    for (const auto& name : application_names())
        t.columns.push_back(name.title);
    for (const auto& c : r.cases) {
        if (!is_rated(c))
            continue;
        auto row = beginning_of(c);
        for (const auto& name : application_names()) {
            const auto cpu = c.value(name.id, "cpu_ns");
            row.push_back(
                cpu ? text_of(cpu, 1000) + " (" +
                          number_text(std::round(c.value(name.id, "busy").value_or(0) * 100)) +
                          " %)"
                    : none);
        }
        t.rows.push_back(std::move(row));
    }
    return t;
}

table memory(const results& r)
{
    table t{
        "Memory",
        "Resident: of the process without a connection in MiB, and beyond that in bytes for each "
        "connection with an open session on which nothing happens; at last, for as many again "
        "after other calls have come and gone.",
        {"application", "wire", "empty, MiB"},
        {}};
    std::vector<std::string> figures_shown;
    for (const auto& c : r.cases) {
        if (c.what.workload != "memory")
            continue;
        for (const auto& name : application_names()) {
            const auto found = c.rounds.find(name.id);
            if (found == c.rounds.end())
                continue;
            if (figures_shown.empty()) {
                std::map<double, std::string> sizes;  // by number
                for (const auto& [figure, value] : found->second.front())
                    if (figure.starts_with("bytes_") && figure != "bytes_after")
                        sizes[std::stod(figure.substr(6))] = figure;
                for (const auto& [size, figure] : sizes) {
                    figures_shown.push_back(figure);
                    t.columns.push_back("at " + number_text(size));
                }
                t.columns.emplace_back("after");
                figures_shown.emplace_back("bytes_after");
            }
            std::vector<std::string> row{name.title, c.what.wire,
                                         text_of(c.value(name.id, "empty_bytes"), 1024.0 * 1024.0)};
            for (const auto& figure : figures_shown)
                row.push_back(text_of(c.value(name.id, figure)));
            t.rows.push_back(std::move(row));
        }
    }
    return t;
}

table threads(const results& r)
{
    table t{"Threads",
            "Answers in a second of the time that listeners used; the driver's is left out.",
            {"one thread", "two threads", "ratio"},
            {}};
    if (const auto* c = r.find("threads", "listen", "plain"))
        t.rows.push_back({text_of(c->value("aiflow", "rate_of_one")),
                          text_of(c->value("aiflow", "rate")), times(c->value("aiflow", "ratio"))});
    return t;
}

table goals(const results& r)
{
    table t{"Goals",
            "What is promised, and what this run says.",
            {"workload", "role", "what", "promised", "measured", ""},
            {}};
    for (const auto& g : check_goals(r))
        t.rows.push_back({g.workload, g.role, g.what,
                          (g.at_least ? "at least " : "at most ") + number_text(g.limit),
                          number_text(g.reached), g.kept() ? "kept" : "MISSED"});
    return t;
}

// Code points, which is what a terminal counts.
std::size_t width_of(const std::string& text)
{
    std::size_t n = 0;
    for (const char c : text)
        n += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    return n;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths)
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line += cells[i];
        if (i + 1 < cells.size())
            line += std::string(widths[i] - width_of(cells[i]) + 2, ' ');
    }
    return line + "\n";
}

std::string joined(const std::vector<std::string>& cells)
{
    std::string line = "|";
    for (const auto& c : cells)
        line += " " + c + " |";
    return line + "\n";
}

std::string where_text(const circumstances& w)
{
    return w.date + ", " + w.processor + ", " + w.system + ", " + w.build + ". " + w.node + ".\n";
}

}  // namespace

std::string number_text(double value)
{
    char digits[64];
    const double size = std::fabs(value);
    const bool whole = std::floor(value) == value;
    std::snprintf(digits, sizeof digits, "%.*f",
                  whole || size >= 100 ? 0
                  : size >= 10         ? 1
                                       : 2,
                  value);
    std::string text = digits;
    const auto end = std::min(text.find('.'), text.size());
    for (std::size_t at = end; at > 3 + (value < 0 ? 1U : 0U);) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

std::vector<table> tables_of(const results& r)
{
    std::vector<table> all{rates(r),  answer_times(r), processor(r),
                           memory(r), threads(r),      goals(r)};
    std::erase_if(all, [](const table& t) { return t.rows.empty(); });
    return all;
}

std::string as_text(const results& r)
{
    std::string out = where_text(r.where);
    for (const auto& t : tables_of(r)) {
        std::vector<std::size_t> widths;
        for (const auto& c : t.columns)
            widths.push_back(width_of(c));
        for (const auto& row : t.rows)
            for (std::size_t i = 0; i < row.size(); ++i)
                widths[i] = std::max(widths[i], width_of(row[i]));
        out += "\n" + t.title + ". " + t.reading + "\n\n" + line_of(t.columns, widths);
        for (const auto& row : t.rows)
            out += line_of(row, widths);
    }
    return out;
}

std::string as_markdown(const results& r)
{
    std::string out = "    " + r.where.command + "\n\n" + where_text(r.where);
    for (const auto& t : tables_of(r)) {
        out += "\n### " + t.title + "\n\n" + t.reading + "\n\n" + joined(t.columns) +
               joined(std::vector<std::string>(t.columns.size(), "---"));
        for (const auto& row : t.rows)
            out += joined(row);
    }
    return out;
}

}  // namespace aiflow::bench
