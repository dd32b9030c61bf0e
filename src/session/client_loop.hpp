#pragma once

#include "aiflow/client.hpp"
#include "session/async_event.hpp"
#include "session/connection.hpp"
#include "session/idle_cuts.hpp"
#include "session/service_home.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace aiflow {

/// The life of a client: open, run until it ends, wait, again. One loop, no flags.
///
/// Thread safety: none; the client posts to its executor.
/// Lifetime: held by whoever runs it.
class client_loop : public std::enable_shared_from_this<client_loop> {
public:
    /// How a stream is opened: `dial`, or what a test wants instead.
    using connector = std::function<asio::awaitable<dial_result>()>;

    client_loop(asio::any_io_executor executor, client_options options, connector connect = {});

    const asio::any_io_executor& get_executor() const noexcept { return executor_; }

    asio::awaitable<error_code> run();
    void stop();
    void abort();

    dispatcher& home() noexcept { return *home_; }
    client_status status() const { return status_; }

private:
    asio::awaitable<void> stay_connected();
    asio::awaitable<void> shut_down();
    asio::awaitable<dial_result> connect();
    asio::awaitable<dial_result> open();
    asio::awaitable<void> use(std::unique_ptr<message_stream> stream);
    asio::awaitable<void> pause(const backoff_decision& next);

    void note(const connect_failure& f, const backoff_decision& next);
    void note(const connection_end& e, const backoff_decision& next);

    asio::any_io_executor executor_;
    client_options options_;
    service_home service_;
    clock& time_;
    std::shared_ptr<dispatcher> home_;
    connector connect_;
    backoff backoff_;
    std::shared_ptr<connection> connection_;
    client_status status_;
    idle_cuts idle_cuts_;
    async_event stop_connecting_;
    async_event stop_serving_;
    std::uint64_t connections_ = 0;
    bool started_ = false;
    bool stopping_ = false;
    bool aborting_ = false;
};

}  // namespace aiflow
