#pragma once

#include "aiflow/client.hpp"
#include "aiflow/listener.hpp"

#include <boost/asio/io_context.hpp>

#include <exception>
#include <functional>
#include <vector>

namespace aiflow {

/// A client or a listener, as `run_until_signalled` sees it.
struct runnable {
    using completion = std::function<void(std::exception_ptr, error_code)>;

    std::function<void(completion)> run;
    std::function<void()> stop;
};

/// See below.
error_code run_until_signalled(asio::io_context& context, const std::vector<runnable>& all);

/// Runs `context` with clients and listeners on it until SIGINT or SIGTERM: the first one drains,
/// the second one ends at once. When one of them ends by itself, so do the others. Returns the
/// first error that an `async_run` completed with; throws what it threw. The context is stopped
/// then, whatever else the application has on it.
///
/// Thread safety: blocks the calling thread, which becomes the one that runs the context.
template <class... Services>
error_code run_until_signalled(asio::io_context& context, Services&... services)
{
    return run_until_signalled(context,
                               std::vector<runnable>{{[&services](runnable::completion done) {
                                                          services.async_run(std::move(done));
                                                      },
                                                      [&services] { services.stop(); }}...});
}

}  // namespace aiflow
