#pragma once

#include "aiflow/secret.hpp"
#include "daemon/bot.hpp"
#include "session/async_event.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace aiflow {

class webhook_client;

/// A web app answers the calls: each event is posted to it as AI Flow would do it
/// (protocol.md 1.4), and what it answers is done.
///
/// An event of a call is posted when the one before it has been answered. A caller who barges in
/// does not wait for that: of an answer that comes later only the SMS is sent. What the app says
/// after the end of a call is not waited for.
///
/// Thread safety: none; the daemon's executor.
/// Lifetime: outlives its handlers; `env` outlives everything that runs on the executor.
class webhook_bot final : public bot {
public:
    /// Throws `failure` when `make_webhook_target` finds the configuration wrong.
    webhook_bot(asio::any_io_executor executor, bot_environment& env, const daemon_config& config,
                secret token);
    ~webhook_bot() override;

    std::unique_ptr<bot_handler> take(session call) override;

    /// Closes idle connections in time. Ends after `stop`, or when cancelled.
    asio::awaitable<void> run() override;
    void stop() override;

    /// Not ready while the app is left alone, because it fails.
    bot_health health() const override;

    /// The token as it has been read for the next `reload`; until then the old one is sent.
    void offer_token(secret token) { offered_ = std::move(token); }

    /// Takes over the whole section `webhook`, and the token that was offered, for the requests
    /// from now on.
    std::optional<problem> reload(const daemon_config& config) override;

private:
    bot_environment& env_;
    std::shared_ptr<webhook_client> client_;
    std::optional<secret> offered_;
    async_event stop_;
};

}  // namespace aiflow
