#include "daemon/webhook_bot.hpp"

#include "daemon/webhook_handler.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <utility>

namespace aiflow {

webhook_bot::webhook_bot(asio::any_io_executor executor, bot_environment& env,
                         const daemon_config& config, secret token)
    : env_(env), stop_(executor)
{
    auto target = std::make_shared<const webhook_target>(
        make_webhook_target(config.webhook, std::move(token)).value());
    client_ = std::make_shared<webhook_client>(std::move(executor), env, std::move(target));
}

webhook_bot::~webhook_bot() = default;

std::unique_ptr<bot_handler> webhook_bot::take(session call)
{
    return std::make_unique<webhook_handler>(std::move(call), env_, client_);
}

asio::awaitable<void> webhook_bot::run()
{
    using namespace asio::experimental::awaitable_operators;
    co_await (client_->pool().close_idle() || stop_.wait());
    client_->pool().close_all();
}

void webhook_bot::stop()
{
    stop_.notify();
}

bot_health webhook_bot::health() const
{
    return client_->health();
}

std::optional<problem> webhook_bot::reload(const daemon_config& config)
{
    auto target =
        make_webhook_target(config.webhook, offered_ ? *offered_ : client_->pool().target().token);
    if (!target)
        return target.error();
    offered_.reset();
    client_->set_target(std::make_shared<const webhook_target>(*std::move(target)));
    return std::nullopt;
}

}  // namespace aiflow
