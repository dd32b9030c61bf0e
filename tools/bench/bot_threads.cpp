#include "bench/bot_threads.hpp"

#include "bench/application.hpp"
#include "bench/driver.hpp"
#include "bench/turnaround_run.hpp"

#include "aiflow/listener.hpp"

#include <boost/asio/io_context.hpp>

#include <exception>
#include <latch>
#include <thread>
#include <vector>

namespace aiflow::bench {

namespace {

constexpr std::size_t connections = 64;

struct outcome {
    double rate = 0;
    std::exception_ptr failed = {};
};

span_of_run span(double seconds)
{
    const auto measured =
        std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
    return {measured / 4, measured};
}

double rate_of_one(const handler_factory& factory, double seconds, std::latch& ready)
{
    asio::io_context io(1);
    listener_options options;
    options.port = 0;
    listener service(io, options);
    service.serve(factory);
    service.open().value();
    service.async_run([](std::exception_ptr, error_code) {});

    driver d(nullptr, true);
    d.will_dial(service.port());
    turnaround_run r({connections, 1}, span(seconds), true, true, {});
    ready.arrive_and_wait();
    steady::duration at_work{};
    d.begin(r);
    while (!r.done()) {
        const auto begin = steady::now();
        io.poll();
        if (r.measuring())
            at_work += steady::now() - begin;
        d.turn(r);
    }
    return static_cast<double>(r.counted()) / std::chrono::duration<double>(at_work).count();
}

void run_one(const handler_factory& factory, double seconds, int core, std::latch& ready,
             outcome& result)
{
    try {
        stay_on({core});
        result.rate = rate_of_one(factory, seconds, ready);
    } catch (...) {
        result.failed = std::current_exception();
    }
}

}  // namespace

double rate_of_threads(const handler_factory& factory, unsigned threads, double seconds)
{
    const auto cores = allowed_cores();
    std::latch ready(threads);
    std::vector<outcome> outcomes(threads);
    {
        std::vector<std::jthread> all;
        for (unsigned i = 0; i < threads; ++i)
            all.emplace_back(run_one, std::cref(factory), seconds, cores[i % cores.size()],
                             std::ref(ready), std::ref(outcomes[i]));
    }
    double sum = 0;
    for (const auto& o : outcomes) {
        if (o.failed)
            std::rethrow_exception(o.failed);
        sum += o.rate;
    }
    return sum;
}

}  // namespace aiflow::bench
