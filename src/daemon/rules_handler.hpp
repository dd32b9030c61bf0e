#pragma once

#include "daemon/bot_handler.hpp"
#include "daemon/deferred_action.hpp"
#include "daemon/rule_set.hpp"

#include <memory>

namespace aiflow {

class rules_bot;

/// One call that is answered by rules.
class rules_handler final : public bot_handler {
public:
    /// `rules` outlives it.
    rules_handler(session call, bot_environment& env, rules_bot& rules);

private:
    asio::awaitable<void> on_event(incoming_event e) override;

    asio::awaitable<void> answer(incoming_event e);
    asio::awaitable<void> carry_out(rule_outcome chosen);
    std::optional<rule_outcome> choose(const incoming_event& e);
    void listen(const event& e);
    void note(const rule_outcome& chosen, std::string_view type);
    void foresee(const planned_action& a);

    rules_bot& bot_;
    std::shared_ptr<const rule_set> rules_;  // that `counts_` belongs to
    rule_counts counts_;
    deferred_action last_;
};

}  // namespace aiflow
