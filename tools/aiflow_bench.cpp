// Compares our bot with a bare Beast loop and with Node.js, side by side in one run.
#include "bench/circumstances.hpp"
#include "bench/outbox_load.hpp"
#include "bench/report_files.hpp"
#include "bench/report_tables.hpp"
#include "bench/suite.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace aiflow;

struct flags {
    bench::plan plan;
    bool quick = false;
    std::string json;
    std::string svg;
    std::string markdown;
    std::string outbox;
};

void add_flags(CLI::App& app, flags& f)
{
    auto& p = f.plan;
    p.node_folder = AIFLOW_BENCH_NODE;
    app.add_option("--workload", p.workloads, "only these")
        ->check(CLI::IsMember(bench::workload_names()));
    app.add_option("--role", p.roles, "only with the application as server, or as client")
        ->check(CLI::IsMember({"listen", "dial"}));
    app.add_option("--wire", p.wires, "only plain, or only tls")
        ->check(CLI::IsMember({"plain", "tls"}));
    app.add_option("--application", p.applications, "only these")
        ->check(CLI::IsMember({"aiflow", "beast", "node"}));
    app.add_option("--rounds", p.rounds, "how often each is measured; the median is shown")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--seconds", p.seconds, "how long each is measured")
        ->check(CLI::Range(0.01, 15.0))
        ->capture_default_str();
    app.add_option("--warm-up", p.warm_up, "seconds before that")
        ->check(CLI::Range(0.0, 60.0))
        ->capture_default_str();
    app.add_option("--rate", p.rate, "of open: events per second")
        ->check(CLI::Range(1.0, 1e6))
        ->capture_default_str();
    app.add_option("--calls", p.calls, "of calls: open at a time")
        ->check(CLI::Range(1, 15'000))
        ->capture_default_str();
    app.add_option("--sessions", p.sessions, "of memory: so many connections")
        ->check(CLI::Range(1, 15'000))
        ->capture_default_str();
    app.add_option("--churn", p.churn, "of memory: calls that come and go before the last look")
        ->check(CLI::Range(0, 100'000'000))
        ->capture_default_str();
    app.add_option("--bot-threads", p.bot_threads,
                   "threads and cores of our bot as server; needs as many cores, and one more")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_option("--node", p.node_folder, "where app.mjs of Node.js is")->capture_default_str();
    app.add_flag("--quick", f.quick, "a little of everything: that it works, not how fast");
    app.add_option("--json", f.json, "write every figure here");
    app.add_option("--svg", f.svg, "write a chart here");
    app.add_option("--markdown", f.markdown, "write the tables here");
    app.add_option("--outbox", f.outbox,
                   "instead: how fast SMS are accepted by an outbox in this directory")
        ->check(CLI::ExistingDirectory);
}

int print_outbox(const std::string& directory)
{
    const auto syncs = bench::syncs_per_second(directory, std::chrono::seconds(3));
    std::printf("bare write and fdatasync of 4 KiB: %.0f per second\n", syncs);
    std::printf("%9s %12s %8s %10s %10s\n", "in flight", "per second", "x bare", "p50 us",
                "p99 us");
    for (const std::size_t in_flight : {1, 16, 64, 256}) {
        const auto f =
            bench::accept_messages(directory, in_flight, in_flight == 1 ? 2'000 : 20'000);
        std::printf("%9zu %12.0f %8.1f %10.0f %10.0f\n", in_flight, f.accepted_per_second,
                    f.accepted_per_second / syncs, f.median.count(), f.p99.count());
    }
    std::printf("open with 10000 messages that are not settled: %.2f s\n",
                bench::open_with(directory, 10'000).count());
    return 0;
}

void write_file(const std::string& name, const std::string& text)
{
    if (name.empty())
        return;
    std::ofstream out(name);
    if (!(out << text).flush())
        throw std::runtime_error("cannot write " + name);
}

// Takes out Node.js when it is not there. Gives its version, or why it is left out.
std::string settle_node(bench::plan& p)
{
    if (p.applications.empty())
        p.applications = {"aiflow", "beast", "node"};
    if (std::find(p.applications.begin(), p.applications.end(), "node") == p.applications.end())
        return "Node.js was not asked for";
    try {
        return bench::suite::node_version(p.node_folder);
    } catch (const std::runtime_error& e) {
        std::erase(p.applications, "node");
        return std::string("Without Node.js: ") + e.what();
    }
}

int compare(flags& f, const std::string& command)
{
    if (f.quick)
        f.plan.shorten();
    const auto node = settle_node(f.plan);
    if (f.plan.applications.empty())
        throw std::runtime_error(node);
    bench::results all;
    all.where = bench::circumstances_now(command, node);
    bench::suite suite(f.plan,
                       [](const std::string& what) { std::fprintf(stderr, "%s\n", what.c_str()); });
    suite.measure(all);
    std::fputs(as_text(all).c_str(), stdout);
    write_file(f.json, as_json(all));
    write_file(f.svg, as_svg(all));
    write_file(f.markdown, as_markdown(all));
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app("Compares how fast bots answer: ours, a bare Beast loop, and Node.js with ws.",
                 "aiflow-bench");
    flags f;
    add_flags(app, f);
    std::string command = "aiflow-bench";
    for (int i = 1; i < argc; ++i)
        command += std::string(" ") + argv[i];
    try {
        app.parse(argc, argv);
        return f.outbox.empty() ? compare(f, command) : print_outbox(f.outbox);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 64;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "aiflow-bench: %s\n", e.what());
        return 1;
    }
}
