#include "bench/budget_turn.hpp"

#include <chrono>
#include <stdexcept>

namespace aiflow::bench {

namespace {

class clock_that_stands final : public clock {
public:
    time_point now() const noexcept override { return now_; }
    wall_time wall_now() const noexcept override { return wall_now_; }

    // Nothing is due as long as this program runs.
    asio::awaitable<error_code> sleep_until(time_point) override
    {
        return real_clock().sleep_until(now_ + std::chrono::hours(24));
    }

private:
    const time_point now_ = real_clock().now();
    const wall_time wall_now_ = real_clock().wall_now();
};

}  // namespace

// What is written to a socket of the Unix domain can be read at once; with TCP the kernel may take
// a moment.
void uncounted_turn(asio::io_context& io)
{
    if (io.poll() == 0 && io.run_one_for(std::chrono::seconds(10)) == 0)
        throw std::runtime_error("the library does not answer");
}

[[gnu::noinline]] void measured_turn(asio::io_context& io)
{
    uncounted_turn(io);
}

clock& standing_clock() noexcept
{
    static clock_that_stands instance;
    return instance;
}

}  // namespace aiflow::bench
