#pragma once

#include "daemon/control_answer.hpp"
#include "daemon/control_handlers.hpp"
#include "transport/http_request.hpp"

#include <boost/asio/awaitable.hpp>

namespace aiflow {

/// How much of docs/control.md is offered.
enum class control_scope : unsigned char {
    everything,
    observation  ///< `/metrics`, `/healthz` and `/readyz`, which show nothing private
};

/// Answers requests, whichever socket they came by.
///
/// Thread safety: none; the daemon's executor.
/// Lifetime: outlives the servers; `daemon` and `feed` outlive it.
class control_api {
public:
    control_api(operations& daemon, live_feed& feed, logger log)
        : desk_{daemon, feed}, log_(std::move(log))
    {
    }

    /// Everything that is wrong becomes an answer; throws nothing but `bad_alloc`.
    asio::awaitable<control_answer> serve(http_request request, control_scope scope);

private:
    control_desk desk_;
    logger log_;
};

}  // namespace aiflow
