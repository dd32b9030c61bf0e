#pragma once

#include "aiflow/client.hpp"

#include <boost/asio/io_context.hpp>

namespace aiflow {

/// Runs `context` with the client on it until SIGINT or SIGTERM: the first one drains, the second
/// one ends at once. Returns what `async_run` completed with.
///
/// Thread safety: blocks the calling thread, which becomes the one that runs the context.
error_code run_until_signalled(asio::io_context& context, client& c);

}  // namespace aiflow
