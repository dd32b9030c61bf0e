// Turnarounds per second: an event goes to a bot, its answer comes back.
#include "bench/idle_connections.hpp"
#include "bench/load_driver.hpp"
#include "bench/outbox_load.hpp"

#include "aiflow/client.hpp"
#include "session/client_loop.hpp"
#include "simulator/stream_pair.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace {

using namespace aiflow;
using tcp = asio::ip::tcp;

struct answering_bot final : handler {
    using handler::handler;

    asio::awaitable<void> on_user_speak(user_speak) override
    {
        return say("Thank you, let me look that up for you.");
    }
};

struct workload {
    std::size_t calls;
    std::size_t turnarounds;
};

using maybe_figures = std::optional<bench::figures>;

asio::awaitable<dial_result> take_near_end(simulator::stream_pair* pair)
{
    co_return dial_result(std::move(pair->near));
}

// Both ends in one thread, over streams in memory: what the library itself costs.
maybe_figures in_memory(const workload& w)
{
    asio::io_context io(1);
    simulator::stream_pair pair(io.get_executor(), real_clock());
    client_options options;
    options.url = "ws://127.0.0.1/";
    auto loop = std::make_shared<client_loop>(io.get_executor(), options,
                                              [&pair] { return take_near_end(&pair); });
    loop->home().serve(make_handler_factory<answering_bot>());
    maybe_figures result;
    bench::load_driver driver(*pair.far, w.calls, w.turnarounds);
    asio::co_spawn(io, loop->run(), [](std::exception_ptr, error_code) {});
    asio::co_spawn(io, driver.run(), [&](std::exception_ptr, bench::figures f) {
        result = std::move(f);
        loop->abort();
    });
    io.run();
    return result;
}

asio::awaitable<bench::figures> serve_one(tcp::acceptor* acceptor, workload w)
{
    auto socket = co_await acceptor->async_accept(asio::use_awaitable);
    auto opened = co_await accept(std::move(socket), real_clock(), {});
    if (!opened)
        throw boost::system::system_error(opened.error().error, "bench accept");
    bench::load_driver driver(**opened, w.calls, w.turnarounds);
    auto result = co_await driver.run();
    co_await (*opened)->close(1000, "", real_clock().now() + std::chrono::seconds(1));
    co_return result;
}

// The client in a thread of its own, over TCP on loopback.
maybe_figures over_loopback(const workload& w)
{
    asio::io_context service(1);
    tcp::acceptor acceptor(service, {asio::ip::address_v4::loopback(), 0});
    const auto port = acceptor.local_endpoint().port();

    asio::io_context io(1);
    client_options options;
    options.url = "ws://127.0.0.1:" + std::to_string(port) + "/stream";
    client bot(io, options);
    bot.serve<answering_bot>();
    bot.async_run([](std::exception_ptr, error_code) {});
    std::thread app([&io] { io.run(); });

    maybe_figures result;
    asio::co_spawn(service, serve_one(&acceptor, w),
                   [&](std::exception_ptr, bench::figures f) { result = std::move(f); });
    service.run();
    bot.abort();
    app.join();
    return result;
}

void print(const char* where, const workload& w, const maybe_figures& f)
{
    if (!f || f->turnarounds == 0) {
        std::printf("%-10s %9zu   failed\n", where, w.calls);
        return;
    }
    std::printf("%-10s %9zu %12.0f %10.1f %10.1f %10.1f\n", where, w.calls, f->rate(),
                f->percentile(0.5).count(), f->percentile(0.99).count(),
                f->percentile(0.999).count());
}

int print_idle(std::size_t connections)
{
    const auto seen = bench::hold_idle_connections(connections, 2);
    std::printf("%11s %14s %12s\n", "connections", "resident KiB", "descriptors");
    for (const auto& h : seen)
        std::printf("%11zu %14zu %12zu\n", h.connections, h.resident_kib, h.descriptors);
    const auto grown =
        static_cast<double>(seen[1].resident_kib) - static_cast<double>(seen[0].resident_kib);
    std::printf("a connection: %.0f bytes\n", grown * 1024 / static_cast<double>(connections));
    return 0;
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

}  // namespace

int main(int argc, char** argv)
{
    CLI::App app("Measures how fast a bot answers: one event in, one action out.", "aiflow-bench");
    std::size_t turnarounds = 200'000;
    std::vector<std::size_t> calls{1, 64};
    app.add_option("--turnarounds", turnarounds, "events to send in each run")
        ->check(CLI::Range(1, 100'000'000))
        ->capture_default_str();
    app.add_option("--calls", calls, "calls at once, one event in flight in each")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    std::size_t idle = 0;
    app.add_option("--idle", idle,
                   "instead: the memory of so many accepted connections on which nothing happens")
        ->check(CLI::Range(1, 1'000'000));
    std::string directory;
    app.add_option("--outbox", directory,
                   "instead: how fast SMS are accepted by an outbox in this directory")
        ->check(CLI::ExistingDirectory);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 64;
    }
    if (idle > 0)
        return print_idle(idle);
    if (!directory.empty())
        return print_outbox(directory);
    std::printf("%-10s %9s %12s %10s %10s %10s\n", "wire", "in flight", "per second", "p50 us",
                "p99 us", "p99.9 us");
    bool complete = true;
    for (const auto n : calls) {
        const workload w{n, turnarounds};
        const auto memory = in_memory(w);
        print("memory", w, memory);
        const auto loopback = over_loopback(w);
        print("loopback", w, loopback);
        complete = complete && memory && memory->turnarounds && loopback && loopback->turnarounds;
    }
    return complete ? 0 : 1;
}
