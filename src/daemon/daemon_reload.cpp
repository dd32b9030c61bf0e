// How a daemon reads its configuration again: everything that can be refused is, before anything
// changes.
#include "daemon/config_changes.hpp"
#include "daemon/config_options.hpp"
#include "daemon/config_reader.hpp"
#include "daemon/daemon.hpp"
#include "daemon/webhook_bot.hpp"

#include <utility>

namespace aiflow {

std::optional<problem> daemon::reload()
{
    setup_.manager->reloading();
    std::optional<problem> refused;
    const auto wanted = read_config_file(setup_.config_file);
    if (wanted) {
        refused = take_over(*wanted);
    } else {
        for (const file_problem& p : wanted.error())
            setup_.log.write(log_level::error, "config.refused", to_string(p));
        refused = problem{make_error_code(errc::invalid_value), "config",
                          to_string(wanted.error().front())};
    }
    reload_failed_ = refused.has_value();
    ++(refused ? refused_reloads_ : reloads_);
    if (!refused)
        configured_ = real_clock().wall_now();
    else if (wanted)
        setup_.log.write(log_level::error, "config.refused", to_string(*refused));
    told_ = status_text();
    setup_.manager->ready(refused ? "the new configuration was refused, the old one is in force: " +
                                        std::string("see the log; ") + told_
                                  : told_);
    return refused;
}

std::optional<problem> daemon::take_over(const daemon_config& wanted)
{
    const auto changes = changes_between(setup_.config, wanted);
    daemon_config next = setup_.config;
    take_live(next, wanted);

    // Reads the tokens, the certificate and the files that the handler needs: all of it may be new.
    std::optional<listener_options> listening;
    if (next.mode != service_mode::connect) {
        auto options = listener_options_of(next, setup_.environment);
        if (!options)
            return options.error();
        listening = std::move(*options);
    }
    if (auto* web = dynamic_cast<webhook_bot*>(bot_.get())) {
        auto token = webhook_token_of(next, setup_.environment);
        if (!token)
            return token.error();
        web->offer_token(std::move(*token));
    }
    listener* accepting = nullptr;  // one side at most
    for (const auto& side : sides_)
        if (auto* const l = side->as_listener())
            accepting = l;
    if (accepting != nullptr)
        if (auto wrong = accepting->check_tokens(listening->tokens))
            return wrong;
    if (auto wrong = bot_->reload(next))
        return wrong;

    // From here on nothing can be wrong that has not been looked at.
    if (accepting != nullptr) {
        if (const auto done = accepting->replace_tokens(listening->tokens); !done)
            return done.error();
        if (!next.listen.certificate_file.empty())
            if (const auto done = accepting->reload_certificate(); !done)
                return done.error();
    }
    env_.show_all_failures = next.handler.show_all_failures;
    env_.apology = next.handler.apology;
    if (next.log.level != setup_.config.log.level)
        setup_.log.set_threshold(next.log.level);
    setup_.config = std::move(next);

    pending_restart_.assign(changes.at_restart.begin(), changes.at_restart.end());
    std::string keys;
    for (const std::string& key : pending_restart_)
        keys += (keys.empty() ? "" : ", ") + key;
    if (!keys.empty())
        setup_.log.write(log_level::warning, "config.restart",
                         "these keys have changed, but take effect at the next start only",
                         {{"keys", keys}});
    setup_.log.write(log_level::info, "config.loaded", "the configuration was read again",
                     {{"changed", std::to_string(changes.at_reload.size())}});
    return std::nullopt;
}

}  // namespace aiflow
