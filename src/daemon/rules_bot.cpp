#include "daemon/rules_bot.hpp"

#include "daemon/rule_reader.hpp"
#include "daemon/rules_handler.hpp"

#include <utility>

namespace aiflow {

namespace {

constexpr std::size_t problems_shown = 5;

}  // namespace

rules_bot::rules_bot(bot_environment& env, std::vector<rule> rules, std::string file)
    : env_(env), rules_(std::make_shared<const rule_set>(std::move(rules))), file_(std::move(file))
{
}

std::unique_ptr<bot_handler> rules_bot::take(session call)
{
    return std::make_unique<rules_handler>(std::move(call), env_, *this);
}

asio::awaitable<void> rules_bot::run()
{
    co_return;
}

bot_health rules_bot::health() const
{
    bot_health h = counts_;
    h.text = std::to_string(rules_->size()) + " rules of " + file_;
    return h;
}

void rules_bot::carried_out(std::size_t actions, std::size_t skipped) noexcept
{
    counts_.answers += actions;
    counts_.bad_answers += skipped;
}

std::optional<problem> rules_bot::reload(const daemon_config& config)
{
    auto loaded = load_rules(config.rules.file);
    if (loaded.has_error())
        return as_problem(loaded.error());
    log_advice(env_.log, loaded->advice);
    rules_ = std::make_shared<const rule_set>(std::move(loaded->rules));
    file_ = config.rules.file;
    return std::nullopt;
}

void log_advice(const logger& log, const file_problems& advice)
{
    for (const file_problem& each : advice)
        log.write(log_level::warning, "rules.advice", "something in the rules may sound wrong",
                  {{"what", to_string(each)}});
}

problem as_problem(const file_problems& problems)
{
    std::string text;
    for (std::size_t i = 0; i < problems.size() && i < problems_shown; ++i)
        text += (i > 0 ? "; " : "") + to_string(problems[i]);
    if (problems.size() > problems_shown)
        text += "; and " + std::to_string(problems.size() - problems_shown) + " more";
    return {make_error_code(errc::invalid_value), "rules.file", std::move(text)};
}

}  // namespace aiflow
