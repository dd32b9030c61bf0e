#include "daemon/webhook_handler.hpp"

#include "aiflow/codec.hpp"
#include "session/async_event.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace aiflow {

// An app whose mistakes are all different must fill neither memory nor log.
constexpr std::size_t bad_actions_limit = 16;

// One event on its way. A coroutine of its own makes the request, so that a caller who barges in
// ends the wait for it and not the request, with an SMS perhaps in its answer.
struct webhook_handler::request {
    request(std::shared_ptr<webhook_client> c, bot_call_ptr the_call)
        : client(std::move(c)), call(std::move(the_call)), done(call->handle().get_executor())
    {
    }

    std::shared_ptr<webhook_client> client;
    bot_call_ptr call;
    std::string body = {};
    async_event done;
    asio::cancellation_signal cancel = {};
    webhook_reply reply = {};
    bool finished = false;
    bool left = false;  // nobody waits any more
    std::exception_ptr error = {};
};

webhook_handler::webhook_handler(session handle, bot_environment& env,
                                 std::shared_ptr<webhook_client> client)
    : bot_handler(std::move(handle), env), client_(std::move(client))
{
}

asio::awaitable<void> webhook_handler::run(std::shared_ptr<request> r)
{
    r->reply = co_await r->client->ask(std::move(r->body), r->call->id());
    if (!r->left || r->call->over())
        co_return;
    // The caller does not want to hear the rest, but the app believes that its SMS is on its way.
    std::vector<action> sms;
    for (action& a : r->reply.answer.actions) {
        if (std::holds_alternative<aiflow::send_sms>(a))
            sms.push_back(std::move(a));
    }
    co_await bot_call::act(r->call, std::move(sms));
}

std::shared_ptr<webhook_handler::request> webhook_handler::post(const incoming_event& e)
{
    auto r = std::make_shared<request>(client_, the_call());
    encode(r->body, e);
    asio::co_spawn(r->call->handle().get_executor(), run(r),
                   asio::bind_cancellation_slot(r->cancel.slot(), [r](std::exception_ptr error) {
                       r->error = error;
                       r->finished = true;
                       r->done.notify();
                   }));
    return r;
}

asio::awaitable<void> webhook_handler::on_event(incoming_event e)
{
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    const auto r = post(e);
    co_await r->done.wait();
    co_await asio::this_coro::throw_if_cancelled(throws);
    if (!r->finished) {
        r->left = true;
        if (the_call()->over())
            r->cancel.emit(asio::cancellation_type::terminal);
        co_return;
    }
    if (r->error)
        std::rethrow_exception(r->error);
    if (r->reply.answered)
        the_call()->recovered();
    else if (r->reply.app_is_gone && is_answerable(e.event))
        the_call()->apologise();
    note(r->reply.answer);
    // An SMS must not be lost because somebody barges in while the one before it is stored.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    // Nothing answers the end of a call, whatever ended it.
    if (the_call()->over())
        co_return;
    co_await act(std::move(r->reply.answer.actions));
    for (const problem& p : r->reply.answer.refused_sms)
        refuse_sms(p);
}

// Each kind of mistake once a call: an app that makes one makes it with every answer.
void webhook_handler::note(const webhook_answer& answer)
{
    const logger& log = environment().log;
    const auto label = short_id(the_call()->id());
    if (answer.what == webhook_answer::meaning::no_action) {
        if (!std::exchange(logged_no_action_, true))
            log.write(log_level::debug, "webhook.no_action", "an answer was no action",
                      {{"session", label}, {"why", to_string(answer.problems.front())}});
    } else {
        for (const problem& p : answer.problems)
            if (logged_bad_actions_.size() < bad_actions_limit &&
                logged_bad_actions_.insert(to_string(p)).second)
                log.write(log_level::warning, "webhook.bad_action",
                          "an action of the web app was left out",
                          {{"session", label}, {"why", to_string(p)}});
    }
    if (answer.ignored && !std::exchange(logged_ignored_, true))
        log.write(log_level::info, "webhook.unknown_member",
                  "a member that is not known was left out of an action",
                  {{"session", label}, {"why", to_string(*answer.ignored)}});
}

}  // namespace aiflow
