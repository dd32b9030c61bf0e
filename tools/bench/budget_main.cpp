// One workload for the library, the same steps in every run, so that its instructions can be
// counted: see tools/check-instructions.
#include "bench/budget_workload.hpp"

#include <CLI/CLI.hpp>
#include <boost/version.hpp>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#ifdef __clang__
#define AIFLOW_COMPILER __VERSION__
#else
#define AIFLOW_COMPILER "GCC " __VERSION__
#endif

int main(int argc, char** argv)
{
    using namespace aiflow::bench;
    CLI::App app("Plays a fixed workload, for tools/check-instructions, which counts the "
                 "instructions of each event.",
                 "aiflow-bench-steps");
    const auto names = budget_workload_names();
    std::string name;
    std::size_t count = 0;
    std::size_t warm_up = 128;
    app.add_option("WORKLOAD", name, "what to play")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())));
    app.add_option("COUNT", count, "events to play, rounded up to whole batches")
        ->required()
        ->check(CLI::Range(1, 100'000'000));
    app.add_option("--warm-up", warm_up, "events before them, which are not counted")
        ->check(CLI::Range(0, 100'000'000))
        ->capture_default_str();
    app.set_version_flag("--toolchain", AIFLOW_COMPILER ", Boost " BOOST_LIB_VERSION,
                         "what it was built with: figures of another one do not compare");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 64;
    }
    try {
        const auto workload = make_budget_workload(name);
        workload->play(warm_up, uncounted_turn);
        std::printf("%zu\n", workload->play(count, measured_turn));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "aiflow-bench-steps: %s: %s\n", name.c_str(), e.what());
        return 1;
    }
    return 0;
}
