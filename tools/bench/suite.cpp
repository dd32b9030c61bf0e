#include "bench/suite.hpp"

#include "bench/calls_run.hpp"
#include "bench/driver.hpp"
#include "bench/flood_run.hpp"
#include "bench/hold_run.hpp"
#include "bench/open_run.hpp"
#include "bench/sms_run.hpp"
#include "bench/turnaround_run.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace aiflow::bench {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;
constexpr std::size_t in_flight = 64;

std::string programs()
{
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

steady::duration seconds(double s)
{
    return std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(s));
}

bool is_flood(const bench_case& c)
{
    return c.workload.starts_with("flood");
}

std::string flood_event(const bench_case& c)
{
    if (c.workload == "flood-started")
        return event_text(user_speech_started{}, event_bytes);
    return event_text(assistant_speak{"Thank you, let me look.", {}, 1200, 1764100000000},
                      event_bytes);
}

std::size_t connections_of(const bench_case& c)
{
    return c.workload == "fan" || c.workload == "open" ? in_flight : 1;
}

// What the bare loop must not answer; it knows messages by their size only.
std::size_t quiet_size(const bench_case& c)
{
    return is_flood(c) ? event_bytes : session_end_text().size();
}

}  // namespace

suite::suite(plan p, std::function<void(const std::string&)> note)
    : plan_(std::move(p)), note_(std::move(note)), all_cores_(allowed_cores())
{
    const auto most =
        std::max({std::size_t{1'000}, *std::max_element(plan_.calls.begin(), plan_.calls.end()),
                  *std::max_element(plan_.sessions.begin(), plan_.sessions.end())});
    allow_descriptors(most + 1'000);
    own_core_ = all_cores_.size() > plan_.bot_threads;
    const auto first =
        all_cores_.end() -
        static_cast<std::ptrdiff_t>(std::min<std::size_t>(plan_.bot_threads, all_cores_.size()));
    application_cores_.assign(first, all_cores_.end());
    stay_on({all_cores_.front()});
}

std::string suite::node_version(const std::string& folder)
{
    if (!std::filesystem::exists(folder + "/node_modules/ws"))
        throw std::runtime_error("ws is not installed; run \"npm ci\" in tools/bench/node");
    try {
        application node({"node", folder + "/app.mjs", "version"}, allowed_cores());
        return node.value("version", patience);
    } catch (const std::runtime_error&) {
        throw std::runtime_error("node cannot be run; install Node.js, then run \"npm ci\" in "
                                 "tools/bench/node");
    }
}

void suite::measure(results& into)
{
    const auto cases = cases_of(plan_);
    for (std::size_t round = 0; round < plan_.rounds; ++round) {
        for (const auto& c : cases) {
            if (round > 0 && is_once(c))
                continue;
            auto apps = is_compared(c) ? plan_.applications : std::vector<std::string>{"aiflow"};
            std::rotate(apps.begin(),
                        apps.begin() + static_cast<std::ptrdiff_t>(round % apps.size()),
                        apps.end());
            for (const auto& app : apps) {
                const auto what = c.text() + ": " + app;
                note_("round " + std::to_string(round + 1) + " of " + std::to_string(plan_.rounds) +
                      ", " + what);
                try {
                    into.of(c).rounds[app].push_back(measure(c, app));
                } catch (const std::exception& e) {
                    throw std::runtime_error(what + ": " + e.what());
                }
            }
        }
    }
}

figures suite::measure(const bench_case& c, const std::string& app)
{
    if (c.workload == "threads")
        return measure_threads();
    if (c.workload == "memory")
        return measure_memory(c, app);
    return play(c, app);
}

tls_context suite::tls_for(const bench_case& c) const
{
    return c.wire == "tls" ? driver_context(files_) : nullptr;
}

std::vector<std::string> suite::command(const bench_case& c, const std::string& app,
                                        std::uint16_t port, std::size_t connections) const
{
    const bool tls = c.wire == "tls";
    std::vector<std::string> words;
    if (app == "node")
        words = {"node", plan_.node_folder + "/app.mjs"};
    else if (app == "beast")
        words = {programs() + "/aiflow-bench-beast", "--quiet-size", std::to_string(quiet_size(c))};
    else
        words = {programs() + "/aiflow-bench-bot", "--manner",
                 c.workload == "sms"         ? "sms"
                 : c.workload == "sms-speak" ? "turns"
                                             : "talk"};
    words.push_back(c.role);
    const auto add = [&words](const std::string& key, const std::string& value) {
        words.insert(words.end(), {key, value});
    };
    if (tls)
        add("--certificate", files_.certificate());
    if (c.role == "listen") {
        if (tls)
            add("--key", files_.key());
        if (app == "aiflow")
            add("--threads", std::to_string(plan_.bot_threads));
        return words;
    }
    add("--connections", std::to_string(connections));
    words.push_back(app == "beast" ? std::to_string(port)
                                   : (tls ? "wss" : "ws") + std::string("://127.0.0.1:") +
                                         std::to_string(port) + "/ws");
    return words;
}

figures suite::play(const bench_case& c, const std::string& app)
{
    driver d(tls_for(c), own_core_);
    const bool dialled = c.role == "listen";
    const auto port = dialled ? std::uint16_t{0} : d.listen();
    application process(command(c, app, port, connections_of(c)), application_cores_);
    if (dialled)
        d.will_dial(static_cast<std::uint16_t>(std::stoul(process.value("port", patience))));

    const span_of_run span{seconds(plan_.warm_up), seconds(plan_.seconds)};
    const bool named = app != "beast";
    const cpu_meter cpu = [&process] { return process.cpu_ns(); };
    const auto finish = [&](auto&& r) {
        d.play(r);
        process.expect_running();
        return r.result();
    };
    if (is_flood(c))
        return finish(flood_run(flood_event(c), span, named, dialled, cpu));
    if (c.workload == "open")
        return finish(open_run(in_flight, plan_.rate, span, named, dialled, cpu));
    if (c.size > 0)
        return finish(calls_run(c.size, 0, span, named, cpu));
    if (c.workload == "sms")
        return finish(sms_run(sms_run::answer::sms, in_flight, span, cpu));
    if (c.workload == "sms-speak")
        return finish(sms_run(sms_run::answer::speak, in_flight, span, cpu));
    const std::size_t calls_each = c.workload == "pipeline" ? in_flight : 1;
    return finish(turnaround_run({connections_of(c), calls_each}, span, named, dialled, cpu));
}

figures suite::measure_memory(const bench_case& c, const std::string& app)
{
    driver d(tls_for(c), own_core_);
    application process(command(c, app, 0, 1), application_cores_);
    d.will_dial(static_cast<std::uint16_t>(std::stoul(process.value("port", patience))));
    const bool named = app != "beast";
    const auto resident = [&process] {
        std::this_thread::sleep_for(200ms);  // for what an application does in the background
        return static_cast<double>(process.resident_bytes());
    };
    figures f;
    const auto empty = resident();
    f["empty_bytes"] = empty;
    std::size_t held = 0;
    std::uint64_t numbers = 1'000'000'000;
    const auto hold = [&](std::size_t wanted) {
        hold_run more(wanted - held, numbers, named);
        numbers += wanted;
        held = wanted;
        d.play(more);
        return (resident() - empty) / static_cast<double>(wanted);
    };
    auto sizes = plan_.sessions;
    std::sort(sizes.begin(), sizes.end());
    for (const auto n : sizes)
        f["bytes_" + std::to_string(n)] = hold(n);
    // With TLS it would be the handshakes that are waited for.
    if (c.wire == "plain" && plan_.churn > 0) {
        leave_run leave;
        d.play(leave);
        calls_run calls(std::min<std::size_t>(sizes.front(), plan_.churn), plan_.churn, {}, named,
                        {});
        d.play(calls);
        held = 0;
        f["bytes_after"] = hold(sizes.back());
        f["growth"] = f["bytes_after"] / f["bytes_" + std::to_string(sizes.back())];
    }
    process.expect_running();
    return f;
}

figures suite::measure_threads()
{
    const auto rate_of = [this](unsigned threads) {
        application bot({programs() + "/aiflow-bench-bot", "threads", std::to_string(threads),
                         "--seconds", std::to_string(plan_.seconds)},
                        all_cores_);
        const auto whole_run = std::chrono::milliseconds(static_cast<int>(plan_.seconds * 2'000));
        return std::stod(bot.value("rate", patience + whole_run));
    };
    const auto one = rate_of(1);
    const auto two = rate_of(2);
    return {{"rate", two}, {"rate_of_one", one}, {"ratio", two / one}};
}

}  // namespace aiflow::bench
