#pragma once

#include "daemon/control_answer.hpp"
#include "daemon/control_request.hpp"
#include "daemon/live_feed.hpp"
#include "daemon/operations.hpp"

#include <boost/asio/awaitable.hpp>

/// What is behind each request of docs/control.md. Everything that is wrong with a request becomes
/// an answer. Lifetime: `desk` outlives what is under way. Cancellation: none is needed; what waits
/// is the storage.
namespace aiflow {

/// What the handlers work on.
struct control_desk {
    operations& daemon;
    live_feed& feed;
};

using control_handler = asio::awaitable<control_answer> (*)(control_desk& desk, control_request r);

asio::awaitable<control_answer> show_status(control_desk& desk, control_request r);
asio::awaitable<control_answer> show_log_level(control_desk& desk, control_request r);
asio::awaitable<control_answer> set_log_level(control_desk& desk, control_request r);
asio::awaitable<control_answer> drain(control_desk& desk, control_request r);
asio::awaitable<control_answer> reload(control_desk& desk, control_request r);
asio::awaitable<control_answer> show_metrics(control_desk& desk, control_request r);
asio::awaitable<control_answer> show_health(control_desk& desk, control_request r);
asio::awaitable<control_answer> show_readiness(control_desk& desk, control_request r);

asio::awaitable<control_answer> list_calls(control_desk& desk, control_request r);
asio::awaitable<control_answer> post_actions(control_desk& desk, control_request r);
asio::awaitable<control_answer> tail_calls(control_desk& desk, control_request r);

asio::awaitable<control_answer> list_sms(control_desk& desk, control_request r);
asio::awaitable<control_answer> show_sms(control_desk& desk, control_request r);
asio::awaitable<control_answer> post_sms(control_desk& desk, control_request r);
asio::awaitable<control_answer> cancel_sms(control_desk& desk, control_request r);

}  // namespace aiflow
