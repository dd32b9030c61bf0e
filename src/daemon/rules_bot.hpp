#pragma once

#include "daemon/bot.hpp"
#include "daemon/rule_set.hpp"
#include "text/file_problem.hpp"

#include <memory>
#include <string>

namespace aiflow {

/// Answers calls by the rules of a file.
class rules_bot final : public bot {
public:
    /// `file` names the rules in the log and in `health`. `env` outlives it.
    rules_bot(bot_environment& env, std::vector<rule> rules, std::string file);

    std::unique_ptr<bot_handler> take(session call) override;
    asio::awaitable<void> run() override;
    void stop() override {}
    bot_health health() const override;

    /// Reads `config.rules.file` again. Calls that are there go by the new rules from their next
    /// event on.
    std::optional<problem> reload(const daemon_config& config) override;

    // For its handlers.
    const std::shared_ptr<const rule_set>& rules() const noexcept { return rules_; }
    const std::string& file() const noexcept { return file_; }
    void carried_out(std::size_t actions, std::size_t skipped) noexcept;

private:
    bot_environment& env_;
    std::shared_ptr<const rule_set> rules_;
    std::string file_;
    bot_health counts_ = {};
};

/// Writes what `load_rules` found worth mentioning to the log.
void log_advice(const logger& log, const file_problems& advice);

/// All problems of a file as one, for where there is room for one: the first few with their places.
problem as_problem(const file_problems& problems);

}  // namespace aiflow
