#pragma once

#include "daemon/bot.hpp"
#include "daemon/pipe_actions.hpp"
#include "daemon/pipe_child.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

namespace aiflow {

/// Answers calls by a child process, which gets each event as a line of JSON on its stdin and
/// writes actions as lines of JSON on its stdout.
///
/// Lifetime: `env` outlives it.
class pipe_bot final : public bot, private pipe_reader {
public:
    /// `seed` spreads the delays of restarts.
    pipe_bot(const asio::any_io_executor& executor, const daemon_config& config,
             bot_environment& env, std::uint64_t seed);
    ~pipe_bot() override;

    std::unique_ptr<bot_handler> take(session call) override;

    /// Runs the child. Before it, there is none.
    asio::awaitable<void> run() override;
    void stop() override;
    bot_health health() const override;

    /// Everything may change; another command or directory replaces the child.
    std::optional<problem> reload(const daemon_config& config) override;

    /// `user_speech_started` for which there was no room.
    std::uint64_t speech_starts_dropped() const noexcept { return speech_starts_dropped_; }

private:
    class call_handler;

    void line(std::string_view text) override;
    asio::awaitable<void> room() override;
    void gone() override;

    bot_environment& env_;
    std::shared_ptr<pipe_actions> actions_;
    pipe_child child_;
    std::uint64_t speech_starts_dropped_ = 0;
};

}  // namespace aiflow
