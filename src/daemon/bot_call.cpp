#include "daemon/bot_call.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace aiflow {

bot_call::bot_call(session handle, bot_environment& env)
    : handle_(std::move(handle)), env_(env), failures_(env.show_all_failures)
{
    facts_.opened = facts_.last = env_.time->wall_now();
}

bot_call::~bot_call() = default;

void bot_call::note_event(std::string_view type)
{
    ++facts_.events;
    facts_.last = env_.time->wall_now();
    facts_.last_event = type;
}

asio::awaitable<bot_call::result> bot_call::act(bot_call_ptr self, std::vector<action> actions)
{
    result r;
    std::vector<action> batch;
    for (action& a : actions) {
        if (const auto* sms = std::get_if<send_sms>(&a)) {
            self->queue(batch, r);
            sms_options options;
            options.retry = self->env_.retry_sms;
            auto ticket = co_await submit(self, *sms, options);
            if (ticket) {
                r.accepted.push_back(*ticket);
                continue;
            }
            const auto& digits = sms->phone_number.digits();
            if (auto shown = sms_failure_filter::refused(digits, ticket.error()))
                r.failures.push_back(std::move(*shown));
            r.refused.push_back(std::move(ticket).error());
        } else {
            batch.push_back(std::move(a));
        }
    }
    self->queue(batch, r);
    co_return r;
}

asio::awaitable<checked<sms_ticket>> bot_call::submit(bot_call_ptr self, send_sms message,
                                                      sms_options options)
{
    auto ticket = co_await self->handle_.async_send_sms(message.phone_number, message.message,
                                                        options, asio::use_awaitable);
    if (ticket) {
        self->failures_.accepted(ticket->id, message.phone_number.digits());
        self->tell(message, std::nullopt, ticket->id);
    } else {
        self->tell(message, ticket.error(), std::nullopt);
    }
    co_return ticket;
}

void bot_call::queue(std::vector<action>& batch, result& r)
{
    if (batch.empty())
        return;
    const bool whole = batch.size() > 1 && handle_.send(batch);
    for (const action& a : batch) {
        // One bad action must not take the good ones with it.
        const auto alone = whole ? checked<void>() : handle_.send(a);
        if (!alone)
            r.refused.push_back(alone.error());
        tell(a, alone ? std::nullopt : std::optional(alone.error()), std::nullopt);
    }
    batch.clear();
}

void bot_call::tell(const action& a, const std::optional<problem>& refused,
                    std::optional<sms_id> id)
{
    if (refused) {
        // A bot may say the same wrong thing all the time.
        if (const auto left_out = env_.refusals.allow(env_.time->now()))
            env_.log.write(log_level::warning, "bot.refused", "an action was not sent",
                           {{"session", short_id(handle_.id())},
                            {"action", std::string(type_name(a))},
                            {"why", to_string(*refused)},
                            {"suppressed", std::to_string(*left_out)}});
    } else {
        ++facts_.actions;
    }
    for (call_observer* o : env_.observers)
        o->action(handle_.info(), a, refused, id);
}

void bot_call::apologise()
{
    if (env_.apology.empty() || std::exchange(apologised_, true) || handle_.over())
        return;
    speak sorry;
    sorry.text = env_.apology;
    std::vector<action> words{action(std::move(sorry))};
    result ignored;
    queue(words, ignored);
}

}  // namespace aiflow
