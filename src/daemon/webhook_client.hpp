#pragma once

#include "daemon/bot.hpp"
#include "daemon/circuit_breaker.hpp"
#include "daemon/webhook_answer.hpp"
#include "daemon/webhook_pool.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace aiflow {

/// What a web app has said about an event, if it was asked and has answered.
struct webhook_reply {
    bool answered = false;
    bool app_is_gone = false;  ///< it could not be asked, or has failed by itself
    webhook_answer answer = {};
};

/// Asks the web app about events, and knows how it is.
///
/// Thread safety: none; the daemon's executor.
/// Lifetime: held by `shared_ptr`, so that requests under way outlast the bot. `env` outlives it.
class webhook_client {
public:
    webhook_client(asio::any_io_executor executor, const bot_environment& env,
                   std::shared_ptr<const webhook_target> target);

    /// Posts one event of a session. Never more than `webhook.timeout`.
    /// Cancellation: terminal, total; an empty reply, and the app finds its connection closed.
    asio::awaitable<webhook_reply> ask(std::string body, std::string session_id);

    /// For the requests from now on.
    void set_target(std::shared_ptr<const webhook_target> target);

    bot_health health() const;
    webhook_pool& pool() noexcept { return pool_; }

private:
    void note_success();
    void note_failure(circuit_breaker::pass pass, std::string why);

    const bot_environment& env_;
    webhook_pool pool_;
    circuit_breaker breaker_;
    bot_health counted_;
    std::string last_failure_;
};

}  // namespace aiflow
