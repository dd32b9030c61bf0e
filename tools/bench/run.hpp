#pragma once

#include "bench/figures.hpp"
#include "bench/frames.hpp"
#include "bench/peer.hpp"

#include <functional>
#include <string_view>

namespace aiflow::bench {

class driver;

/// Nanoseconds that the application has used on processors since it began.
using cpu_meter = std::function<std::uint64_t()>;

/// One run of a workload, as the driver tells it what happens. What it throws fails the run.
class run {
public:
    run() = default;
    run(const run&) = delete;
    run& operator=(const run&) = delete;
    virtual ~run() = default;

    /// Before anything else: dial, if that is this side's part.
    virtual void begin(driver& d) = 0;
    virtual void opened(peer& p) = 0;
    virtual void received(peer& p, std::string_view text, steady::time_point now) = 0;
    /// A ping came; its pong goes out with what is sent next.
    virtual void pinged(peer&, steady::time_point) {}
    /// The connection is closed. The default throws: it was not time yet.
    virtual void ended(peer& p);
    /// Once in every turn of the driver, before it writes.
    virtual void turn(steady::time_point) {}
    virtual bool done() const = 0;
};

}  // namespace aiflow::bench
