#pragma once

#include "aiflow/listener.hpp"
#include "daemon/bot_handler.hpp"
#include "daemon/control_api.hpp"
#include "manual_clock.hpp"
#include "session/http_endpoint.hpp"
#include "session/service_home.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// A daemon that does what the test says, but for its calls and their SMS: those are real.
struct pretended_daemon final : operations {
    boost::json::object status() const override { return {{"state", "ready"}}; }
    std::optional<std::string> not_healthy() const override { return ill; }
    std::optional<std::string> not_ready() const override { return busy; }
    std::string metrics() const override { return "aiflowd_calls 1\n"; }
    live_calls& calls() override { return *live; }
    asio::awaitable<checked<std::vector<sms_record>>> list_sms(std::optional<sms_state> state,
                                                               std::size_t limit) override;
    asio::awaitable<checked<std::optional<sms_record>>> find_sms(sms_id id) override;
    bool cancel_sms(sms_id id) override;
    log_level level() const override { return level_now; }
    void set_level(log_level l) override { level_now = l; }
    void drain() override { ++drains; }
    std::optional<problem> reload() override { return bad_config; }

    live_calls* live = nullptr;
    std::vector<sms_record> records;
    std::vector<sms_id> cancelled;
    std::optional<sms_id> can_cancel;
    std::optional<problem> broken_storage;
    std::optional<problem> bad_config;
    std::optional<std::string> ill;
    std::optional<std::string> busy;
    std::optional<std::size_t> limit_asked;
    log_level level_now = log_level::info;
    int drains = 0;
    bool throws = false;  ///< instead of listing SMS
};

/// The control API over it, under virtual time.
struct control_rig {
    control_rig(asio::io_context& io, manual_clock& time);
    ~control_rig();

    /// An event of a call, from the service. Gives the actions that go back with the answer.
    std::string event(std::string json);

    control_answer ask(std::string method, std::string target, std::string body = {},
                       control_scope scope = control_scope::everything);
    /// Its answer, whose status has to be as said.
    boost::json::value json(unsigned status, std::string method, std::string target,
                            std::string body = {});
    /// The code of its error.
    std::string error(unsigned status, std::string method, std::string target,
                      std::string body = {});

    asio::io_context& io;
    manual_clock& time;
    std::vector<std::string> log;
    pretended_daemon daemon;
    bot_environment env;
    live_feed feed;
    control_api api;
    listener_options options;
    service_home service;
    std::shared_ptr<http_endpoint> endpoint;
};

/// Counts how often it is looked at.
struct counting_clock final : clock {
    time_point now() const noexcept override { return {}; }
    wall_time wall_now() const noexcept override
    {
        ++asked;
        return {};
    }
    asio::awaitable<error_code> sleep_until(time_point) override { return {}; }

    mutable int asked = 0;
};

/// A record that waits for its second attempt.
sms_record waiting_record(std::uint64_t id);

}  // namespace aiflow::test
