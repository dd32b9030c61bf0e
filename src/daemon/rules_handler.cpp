#include "daemon/rules_handler.hpp"

#include "daemon/rules_bot.hpp"

#include "aiflow/log.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

rules_handler::rules_handler(session call, bot_environment& env, rules_bot& rules)
    : bot_handler(std::move(call), env), bot_(rules), last_(the_call())
{
}

asio::awaitable<void> rules_handler::on_event(incoming_event e)
{
    listen(e.event);
    if (!std::holds_alternative<session_end>(e.event))
        co_await answer(std::move(e));
    co_await last_.check();
}

// What the event tells about speech, and about the wish to be heard.
void rules_handler::listen(const event& e)
{
    const auto now = environment().time->now();
    const auto* said = std::get_if<user_speak>(&e);
    const auto* start = std::get_if<session_start>(&e);
    const bool interrupted =
        (said != nullptr && said->barged_in) || std::holds_alternative<user_barge_in>(e);
    const bool returned = start != nullptr && start->resumed;
    if (std::holds_alternative<assistant_speech_ended>(e))
        last_.speech().ended(now);
    if (interrupted || returned || std::holds_alternative<user_input_timeout>(e))
        last_.speech().silenced(now);
    if (interrupted || returned || std::holds_alternative<session_end>(e))
        last_.take_back();
}

std::optional<rule_outcome> rules_handler::choose(const incoming_event& e)
{
    if (rules_ != bot_.rules()) {
        rules_ = bot_.rules();
        counts_.clear();
    }
    return rules_->choose(e, counts_);
}

asio::awaitable<void> rules_handler::answer(incoming_event e)
{
    auto chosen = choose(e);
    if (!chosen)
        co_return;
    note(*chosen, type_name(e.event));
    std::optional<sms_failed> unsent;
    for (const skipped_action& s : chosen->skipped) {
        if (s.is_sms && !std::holds_alternative<sms_failed>(e.event))
            unsent = sms_failure_filter::refused({}, s.why);
    }
    co_await carry_out(std::move(*chosen));
    if (!unsent)
        co_return;
    // As any other SMS that was not sent, so that one rule is enough to be sorry for all of them.
    incoming_event failure;
    failure.session = e.session;
    failure.event = std::move(*unsent);
    co_await answer(std::move(failure));
}

asio::awaitable<void> rules_handler::carry_out(rule_outcome chosen)
{
    std::vector<action> actions;
    for (planned_action& planned : chosen.actions) {
        foresee(planned);
        actions.push_back(std::move(planned.frame));
    }
    bot_.carried_out(actions.size() + (chosen.after_speech ? 1 : 0), chosen.skipped.size());
    co_await act(std::move(actions));
    if (chosen.after_speech)
        last_.order(std::move(chosen.after_speech->frame));
}

void rules_handler::note(const rule_outcome& chosen, std::string_view type)
{
    const logger& log = environment().log;
    const std::string place = bot_.file() + ":" + std::to_string(chosen.line);
    log.write(log_level::debug, "rules.chosen", "a rule is carried out",
              {{"session", short_id(the_call()->id())},
               {"event", printable(type)},
               {"rule", place},
               {"actions", std::to_string(chosen.actions.size())}});
    for (const skipped_action& s : chosen.skipped)
        log.write(
            log_level::warning, "rules.skipped", "an action of a rule was left out",
            {{"session", short_id(the_call()->id())}, {"rule", place}, {"why", to_string(s.why)}});
}

// What the action does to speech that is heard, and to an action that waits for its end.
void rules_handler::foresee(const planned_action& a)
{
    const auto now = environment().time->now();
    const bool leaves =
        std::holds_alternative<hangup>(a.frame) || std::holds_alternative<transfer>(a.frame);
    if (leaves || std::holds_alternative<barge_in>(a.frame))
        last_.speech().silenced(now);
    if (leaves)
        last_.take_back();
    if (a.speaks_for > std::chrono::milliseconds{0})
        last_.speech().begun(now, a.speaks_for);
}

}  // namespace aiflow
