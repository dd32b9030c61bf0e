#pragma once

#include "aiflow/listener.hpp"
#include "daemon/webhook_bot.hpp"
#include "loopback.hpp"
#include "raw_peer.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// A whole answer of a web app.
std::string http_text(std::string_view status, std::string_view body = {},
                      std::string_view headers = {});

/// Waits for a POST and forgets it; its body.
std::string take_post(loopback& net, raw_peer& app);

/// A call from AI Flow that a web app answers; the test is both of these. Time is virtual.
struct webhook_rig {
    explicit webhook_rig(daemon_config::webhook_section settings = {},
                         secret token = secret("t0ken"));
    ~webhook_rig();

    /// As AI Flow.
    void send(std::string event);
    /// The next action.
    std::string next();
    /// Whether AI Flow has got nothing that `next` has not shown yet.
    bool silent();

    /// The web app takes its next connection.
    raw_peer app() { return raw_peer::accepting(net); }
    std::string post_to(raw_peer& app) { return take_post(net, app); }

    /// Lets virtual time pass, and everything happen that it brings.
    void pass(clock::duration span);
    bool until(const std::function<bool()>& done) { return net.until(done); }
    std::size_t logged(std::string_view id) const;

    loopback net;
    std::vector<std::string> log;
    bot_environment env;
    daemon_config config;
    std::optional<webhook_bot> bot;
    std::optional<listener> service;
    std::unique_ptr<message_stream> stream;

private:
    void read();

    std::deque<std::string> actions_;
    std::optional<outcome<bool>> reading_;
    std::optional<error_code> finished_;
    bool bot_ended_ = false;
};

}  // namespace aiflow::test
