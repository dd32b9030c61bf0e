#include "aiflow/run.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>

namespace aiflow {

error_code run_until_signalled(asio::io_context& context, client& c)
{
    asio::signal_set signals(context, SIGINT, SIGTERM);
    error_code result;
    std::exception_ptr error;

    struct waiter {
        asio::signal_set& signals;
        client& c;

        void operator()(error_code ec, int) const
        {
            if (ec)
                return;
            c.stop();
            signals.async_wait(*this);
        }
    };
    signals.async_wait(waiter{signals, c});
    c.async_run([&](std::exception_ptr thrown, error_code ec) {
        error = std::move(thrown);
        result = ec;
        signals.cancel();
    });
    context.run();
    if (error)
        std::rethrow_exception(error);
    return result;
}

}  // namespace aiflow
