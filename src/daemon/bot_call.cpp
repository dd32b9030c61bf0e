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
            co_await self->submit(*sms, r);
        } else {
            batch.push_back(std::move(a));
        }
    }
    self->queue(batch, r);
    co_return r;
}

asio::awaitable<void> bot_call::submit(const send_sms& frame, result& r)
{
    sms_options options;
    options.retry = env_.retry_sms;
    const auto ticket = co_await handle_.async_send_sms(frame.phone_number, frame.message, options,
                                                        asio::use_awaitable);
    if (ticket) {
        failures_.accepted(ticket->id, frame.phone_number.digits());
        r.accepted.push_back(*ticket);
        tell(frame, std::nullopt, ticket->id, r);
        co_return;
    }
    tell(frame, ticket.error(), std::nullopt, r);
    if (auto shown = sms_failure_filter::refused(frame.phone_number.digits(), ticket.error()))
        r.failures.push_back(std::move(*shown));
}

void bot_call::queue(std::vector<action>& batch, result& r)
{
    if (batch.empty())
        return;
    const auto sent = batch.size() == 1 ? handle_.send(batch.front()) : handle_.send(batch);
    if (sent || batch.size() == 1) {
        for (const action& a : batch)
            tell(a, sent ? std::nullopt : std::optional(sent.error()), std::nullopt, r);
    } else {
        // One bad action must not take the good ones with it.
        for (const action& a : batch) {
            const auto alone = handle_.send(a);
            tell(a, alone ? std::nullopt : std::optional(alone.error()), std::nullopt, r);
        }
    }
    batch.clear();
}

void bot_call::tell(const action& a, const std::optional<problem>& refused,
                    std::optional<sms_id> id, result& r)
{
    if (refused) {
        r.refused.push_back(*refused);
        env_.log.write(log_level::warning, "bot.refused", "an action of the bot was not sent",
                       {{"session", short_id(handle_.id())},
                        {"action", std::string(type_name(a))},
                        {"why", to_string(*refused)}});
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
