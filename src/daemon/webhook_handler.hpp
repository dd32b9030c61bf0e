#pragma once

#include "daemon/bot_handler.hpp"
#include "daemon/webhook_client.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <set>
#include <string>

namespace aiflow {

/// One call that a web app answers; see `webhook_bot`.
class webhook_handler final : public bot_handler {
public:
    webhook_handler(session handle, bot_environment& env, std::shared_ptr<webhook_client> client);

protected:
    asio::awaitable<void> on_event(incoming_event e) override;

private:
    struct request;

    static asio::awaitable<void> run(std::shared_ptr<request> r);
    std::shared_ptr<request> post(const incoming_event& e);
    void note(const webhook_answer& answer);

    std::shared_ptr<webhook_client> client_;
    bool logged_no_action_ = false;
    std::set<std::string> logged_bad_actions_;
    bool logged_ignored_ = false;
};

}  // namespace aiflow
