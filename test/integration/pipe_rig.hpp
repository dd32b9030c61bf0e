#pragma once

#include "aiflow/memory_outbox.hpp"
#include "daemon/pipe_bot.hpp"
#include "manual_clock.hpp"
#include "session/client_loop.hpp"
#include "simulator/stream_pair.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

using namespace std::chrono_literals;

/// An outbox whose disk stands still when it is told to.
class slow_outbox final : public outbox {
public:
    explicit slow_outbox(clock& time) : time_(time) {}

    bool outlasts_process() const noexcept override { return false; }
    asio::awaitable<error_code> put(sms_record record, durability when) override;
    asio::awaitable<boost::system::result<std::vector<sms_record>>>
    load(std::chrono::seconds keep) override
    {
        return inner_.load(keep);
    }

    bool stands_still = false;

private:
    clock& time_;
    memory_outbox inner_;
};

/// A real child that answers calls on a connection in memory, under virtual time.
struct pipe_rig {
    pipe_rig();
    ~pipe_rig();

    /// By a script for the shell.
    void run_shell(const std::string& script);
    void run(std::vector<std::string> command);

    void send(std::string text);
    bool until(const std::function<bool()>& done);

    /// Until the service has got that many messages.
    bool received(std::size_t n)
    {
        return until([this, n] { return messages.size() >= n; });
    }
    std::size_t logged(std::string_view id) const;

    asio::io_context io;
    manual_clock time;
    slow_outbox store{time};
    std::vector<std::string> log;
    std::vector<std::string> messages;  ///< that the service has got
    bot_environment env;
    daemon_config config;
    std::unique_ptr<pipe_bot> bot;

private:
    asio::awaitable<dial_result> connect();
    asio::awaitable<void> read();
    asio::awaitable<void> write(std::string text);

    asio::cancellation_signal cancel_;
    bool bot_finished_ = true;
    std::unique_ptr<message_stream> service_;
    std::shared_ptr<client_loop> loop_;
};

}  // namespace aiflow::test
