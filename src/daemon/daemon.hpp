#pragma once

#include "daemon/bot.hpp"
#include "daemon/call_side.hpp"
#include "daemon/config.hpp"
#include "daemon/control_server.hpp"
#include "daemon/daemon_metrics.hpp"
#include "daemon/environment.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/live_feed.hpp"
#include "daemon/operations.hpp"
#include "daemon/service_environment.hpp"
#include "daemon/service_manager.hpp"
#include "session/async_event.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// What a daemon is started with; `log` and `manager` outlive it.
struct daemon_setup {
    std::string config_file;
    daemon_config config;  ///< what the file held
    daemon_environment environment = {};
    service_environment service = {};
    logger log = {};
    service_manager* manager = nullptr;
};

/// Everything that runs in aiflowd: the sides that calls come from, who answers them, the control
/// socket, and what systemd is told.
///
/// Thread safety: none; it takes the context for itself.
class daemon final : private operations {
public:
    daemon(asio::io_context& io, daemon_setup setup);
    ~daemon() override;

    /// Takes what it needs, serves until a signal, an operator or the disk ends that, and sees the
    /// calls out. SIGTERM and SIGINT drain, the second one ends at once; SIGHUP reads the
    /// configuration again.
    exit_code run();

private:
    // Before the first call. Nothing, or how to end; it has been logged then.
    std::optional<exit_code> open();
    std::optional<exit_code> open_sides();
    std::optional<exit_code> open_side(std::string_view name);
    std::optional<exit_code> open_bot();
    std::optional<exit_code> open_control();
    exit_code refuse(exit_code how, const problem& why);

    // Its life.
    void start();
    void wait_for_signal();
    void side_ended(const call_side& side, std::exception_ptr thrown, error_code ec);
    void bot_ended(const std::exception_ptr& thrown);
    asio::awaitable<void> keep_house();
    void look_after_storage();
    void stop();
    void end();
    std::string status_text() const;
    bool serving() const noexcept { return phase_ == phase::serving; }

    // operations
    boost::json::object status() const override;
    std::optional<std::string> not_healthy() const override;
    std::optional<std::string> not_ready() const override;
    std::string metrics() const override;
    live_calls& calls() override { return env_.calls; }
    asio::awaitable<checked<std::vector<sms_record>>> list_sms(std::optional<sms_state> state,
                                                               std::size_t limit) override;
    asio::awaitable<checked<std::optional<sms_record>>> find_sms(sms_id id) override;
    bool cancel_sms(sms_id id) override;
    log_level level() const override { return setup_.log.threshold(); }
    void set_level(log_level level) override;
    void drain() override;
    std::optional<problem> reload() override;

    std::optional<problem> take_over(const daemon_config& wanted);
    metrics_snapshot snapshot() const;

    enum class phase : unsigned char { starting, serving, draining, ending };

    asio::io_context& io_;
    daemon_setup setup_;
    bot_environment env_;
    daemon_metrics metrics_;
    live_feed feed_;
    control_api api_;
    std::unique_ptr<bot> bot_;
    std::vector<std::unique_ptr<call_side>> sides_;
    socket_file control_file_;
    std::vector<std::shared_ptr<control_server>> servers_;
    asio::signal_set signals_;
    async_event house_;  // what keeps house is to end
    asio::cancellation_signal watchdog_;
    asio::cancellation_signal winding_down_;  // of the bot
    std::size_t sides_running_ = 0;
    bool bot_running_ = false;
    phase phase_ = phase::starting;
    exit_code result_ = exit_code::drained;
    clock::wall_time started_;
    clock::wall_time configured_;
    std::uint64_t reloads_ = 0;
    std::uint64_t refused_reloads_ = 0;
    bool reload_failed_ = false;                // the last one
    std::vector<std::string> pending_restart_;  // keys
    std::string told_;                          // the last status
};

}  // namespace aiflow
