#include "daemon/make_bot.hpp"

#include "daemon/config_options.hpp"
#include "daemon/pipe_bot.hpp"
#include "daemon/rule_reader.hpp"
#include "daemon/rules_bot.hpp"
#include "daemon/webhook_bot.hpp"

#include <random>
#include <utility>

namespace aiflow {

namespace {

checked<std::unique_ptr<bot>> make_rules_bot(bot_environment& env, const daemon_config& config)
{
    auto read = load_rules(config.rules.file);
    if (!read)
        return as_problem(read.error());
    log_advice(env.log, read->advice);
    return std::make_unique<rules_bot>(env, std::move(read->rules), config.rules.file);
}

}  // namespace

checked<std::unique_ptr<bot>> make_bot(const asio::any_io_executor& executor, bot_environment& env,
                                       const daemon_config& config,
                                       const daemon_environment& environment)
{
    std::unique_ptr<bot> made;
    try {
        switch (config.handler.type) {
        case handler_type::rules:
            return make_rules_bot(env, config);
        case handler_type::pipe:
            made = std::make_unique<pipe_bot>(executor, config, env, std::random_device{}());
            break;
        case handler_type::webhook: {
            auto token = webhook_token_of(config, environment);
            if (!token)
                return token.error();
            made = std::make_unique<webhook_bot>(executor, env, config, std::move(*token));
            break;
        }
        }
    } catch (const failure& f) {
        return f.what_is_wrong();
    }
    return made;
}

}  // namespace aiflow
