#include "bench/goals.hpp"
#include "bench/plan.hpp"
#include "bench/report_files.hpp"
#include "bench/report_tables.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace aiflow::bench;

namespace {

const bench_case pipeline{"pipeline", "listen", "plain", 0};

// Three rounds, in the last of which the machine was at half its speed.
results three_rounds()
{
    results r;
    r.where.date = "2026-01-02";
    auto& c = r.of(pipeline);
    for (const double speed : {1.0, 1.0, 0.5}) {
        c.rounds["aiflow"].push_back({{"rate", 400'000 * speed},
                                      {"cpu_ns", 2'000},
                                      {"busy", 1},
                                      {"p50_us", 150},
                                      {"p99_us", 250},
                                      {"p999_us", 300}});
        c.rounds["beast"].push_back({{"rate", 100'000 * speed}, {"cpu_ns", 8'000}, {"busy", 1}});
        c.rounds["node"].push_back({{"rate", 125'000 * speed}, {"cpu_ns", 9'000}, {"busy", 1}});
    }
    return r;
}

bool has(const std::string& text, const std::string& what)
{
    return text.find(what) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bench_report)

BOOST_AUTO_TEST_CASE(numbers_are_short)
{
    BOOST_TEST(number_text(0) == "0");
    BOOST_TEST(number_text(0.956) == "0.96");
    BOOST_TEST(number_text(12.34) == "12.3");
    BOOST_TEST(number_text(999.9) == "1,000");
    BOOST_TEST(number_text(1234567.8) == "1,234,568");
    BOOST_TEST(number_text(-96461.2) == "-96,461");
    BOOST_TEST(number_text(-123) == "-123");
}

BOOST_AUTO_TEST_CASE(a_ratio_is_of_the_same_round)
{
    auto r = three_rounds();
    BOOST_TEST(r.of(pipeline).value("aiflow", "rate").value() == 400'000);
    BOOST_TEST(r.of(pipeline).ratio("aiflow", "beast", "rate").value() == 4.0);
    // 1, 1/2 and 3; of the medians it would be 2/3.
    auto& c = r.of({"one", "listen", "plain", 0});
    c.rounds["aiflow"] = {{{"rate", 1}}, {{"rate", 2}}, {{"rate", 9}}};
    c.rounds["beast"] = {{{"rate", 1}}, {{"rate", 4}}, {{"rate", 3}}};
    BOOST_TEST(c.ratio("aiflow", "beast", "rate").value() == 1.0);
    BOOST_TEST(!r.of(pipeline).ratio("aiflow", "beast", "p50_us"));
    BOOST_TEST(!r.of(pipeline).ratio("aiflow", "other", "rate"));
}

BOOST_AUTO_TEST_CASE(goals_are_checked_where_there_are_figures)
{
    auto r = three_rounds();
    const auto goals = check_goals(r);
    BOOST_REQUIRE(goals.size() == 2U);
    BOOST_TEST(goals[0].reached == 4.0);
    BOOST_TEST(goals[0].kept());
    BOOST_TEST(goals[1].what == "× Node.js ws");
    BOOST_TEST(!goals[1].kept());  // 3.2 of 4.0

    auto& memory = r.of({"memory", "listen", "plain", 0});
    memory.rounds["aiflow"].push_back({{"bytes_5000", 9'217.0}, {"growth", 1.0}});
    BOOST_REQUIRE(check_goals(r).size() == 4U);
    BOOST_TEST(!check_goals(r)[2].kept());
    BOOST_TEST(check_goals(r)[3].kept());
}

BOOST_AUTO_TEST_CASE(tables_say_what_was_measured_and_leave_out_the_rest)
{
    const auto r = three_rounds();
    const auto all = tables_of(r);
    BOOST_REQUIRE(all.size() == 4U);
    const std::vector<std::string> rates{"pipeline", "listen",  "plain", "400,000",
                                         "100,000",  "125,000", "4 ×",   "3.20 ×"};
    BOOST_TEST((all[0].rows == std::vector<std::vector<std::string>>{rates}));
    BOOST_TEST(all[1].rows[0][3] == "150 / 250 / 300");
    BOOST_TEST(all[1].rows[0][4] == "–");
    BOOST_TEST(all[2].rows[0][3] == "2 (100 %)");
    for (const auto& t : all)
        for (const auto& row : t.rows)
            BOOST_TEST(row.size() == t.columns.size());
    BOOST_TEST(has(as_markdown(r), "| pipeline | listen | plain | 400,000 |"));
    BOOST_TEST(has(as_text(r), "pipeline  listen  plain  400,000  100,000     125,000"));
}

BOOST_AUTO_TEST_CASE(memory_has_a_column_for_each_size)
{
    results r;
    auto& c = r.of({"memory", "listen", "plain", 0});
    c.rounds["aiflow"].push_back({{"empty_bytes", 1024.0 * 1024 * 7},
                                  {"bytes_1000", 9'000.0},
                                  {"bytes_500", 9'500.0},
                                  {"bytes_after", 9'100.0}});
    const auto all = tables_of(r);
    BOOST_REQUIRE(all.size() == 1U);
    const std::vector<std::string> columns{"application", "wire",     "empty, MiB",
                                           "at 500",      "at 1,000", "after"};
    const std::vector<std::string> row{"aiflow", "plain", "7", "9,500", "9,000", "9,100"};
    BOOST_TEST((all[0].columns == columns));
    BOOST_TEST((all[0].rows[0] == row));
}

BOOST_AUTO_TEST_CASE(json_has_every_round)
{
    const auto all = boost::json::parse(as_json(three_rounds()));
    const auto& app = all.at("cases").at(0).at("applications").at("aiflow");
    BOOST_TEST(app.at("rounds").as_array().size() == 3U);
    BOOST_TEST(app.at("rounds").at(2).at("rate").to_number<double>() == 200'000);
    BOOST_TEST(app.at("rate_ratios").at("beast").to_number<double>() == 4.0);
    BOOST_TEST(all.at("goals").at(1).at("kept").as_bool() == false);
}

BOOST_AUTO_TEST_CASE(the_chart_has_a_bar_for_each_application)
{
    auto r = three_rounds();
    r.of({"sms", "listen", "plain", 0}).rounds["aiflow"].push_back({{"rate", 1}});
    const auto svg = as_svg(r);
    BOOST_TEST(svg.starts_with("<svg "));
    BOOST_TEST(svg.ends_with("</svg>\n"));
    BOOST_TEST(has(svg, "pipeline, listen, plain"));
    BOOST_TEST(has(svg, "4 × (400,000/s)"));
    BOOST_TEST(has(svg, "prefers-color-scheme: dark"));
    BOOST_TEST(!has(svg, "sms"));
    std::size_t bars = 0;
    for (auto at = svg.find("<rect"); at != std::string::npos; at = svg.find("<rect", at + 1))
        ++bars;
    BOOST_TEST(bars == 6U);  // and the three of the legend
}

BOOST_AUTO_TEST_CASE(a_plan_has_a_case_for_each_role_wire_and_size)
{
    plan p;
    const auto all = cases_of(p);
    const auto count = [&all](const std::string& workload) {
        return std::count_if(all.begin(), all.end(),
                             [&](const bench_case& c) { return c.workload.starts_with(workload); });
    };
    BOOST_TEST(count("pipeline") == 4);
    BOOST_TEST(count("flood") == 8);
    BOOST_TEST(count("calls-") == 4);  // two sizes; only as server
    BOOST_TEST(count("sms") == 2);
    BOOST_TEST(count("memory") == 2);
    BOOST_TEST(count("threads") == 1);
    BOOST_TEST(is_compared(all.front()));
    BOOST_TEST(!is_compared(all.back()));

    p.workloads = {"calls", "pipeline"};
    p.roles = {"dial"};
    p.wires = {"tls"};
    const auto few = cases_of(p);
    BOOST_REQUIRE(few.size() == 1U);
    BOOST_TEST(few[0].text() == "pipeline, dial, tls");
}

BOOST_AUTO_TEST_SUITE_END()
