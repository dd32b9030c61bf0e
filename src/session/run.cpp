#include "aiflow/run.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <memory>
#include <utility>

namespace aiflow {

namespace {

// What runs, and what has become of it.
struct run_state : std::enable_shared_from_this<run_state> {
    run_state(asio::io_context& where, const std::vector<runnable>& services)
        : context(where), signals(where, SIGINT, SIGTERM), all(services), running(services.size())
    {
    }

    void wait_for_signal()
    {
        signals.async_wait([this, self = shared_from_this()](error_code ec, int) {
            // A signal may come in the same turn as the last end, which then cancels nothing.
            if (ec || running == 0)
                return;
            stop_all();
            wait_for_signal();
        });
    }

    void stop_all()
    {
        stopped = true;
        for (const auto& r : all)
            r.stop();
    }

    void ended(std::exception_ptr thrown, error_code ec)
    {
        if (thrown && !error)
            error = std::move(thrown);
        if (ec && !result)
            result = ec;
        if (--running == 0)
            context.stop();
        else if (!stopped)
            stop_all();
    }

    asio::io_context& context;
    asio::signal_set signals;
    const std::vector<runnable> all;
    std::size_t running;
    bool stopped = false;
    error_code result;
    std::exception_ptr error;
};

// What waits for a signal holds the state until the context goes; the signals themselves are to do
// again what they did before, however the run ends.
struct signals_kept {
    run_state& of;

    ~signals_kept()
    {
        error_code ignored;
        of.signals.clear(ignored);
        of.signals.cancel(ignored);
    }
};

}  // namespace

error_code run_until_signalled(asio::io_context& context, const std::vector<runnable>& all)
{
    const auto state = std::make_shared<run_state>(context, all);
    state->wait_for_signal();
    for (const auto& r : all)
        r.run([state](std::exception_ptr thrown, error_code ec) {
            state->ended(std::move(thrown), ec);
        });
    {
        const signals_kept until_the_end{*state};
        context.run();
    }
    if (state->error)
        std::rethrow_exception(state->error);
    return state->result;
}

}  // namespace aiflow
