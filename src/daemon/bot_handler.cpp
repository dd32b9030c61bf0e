#include "daemon/bot_handler.hpp"

#include <iterator>
#include <utility>

namespace aiflow {

namespace {

// An SMS that is sent because another one was refused, and so on: nobody means more than this.
constexpr unsigned max_refusals_shown = 3;

}  // namespace

bot_handler::bot_handler(session handle, bot_environment& env)
    : handler(handle), env_(env), call_(std::make_shared<bot_call>(std::move(handle), env))
{
    env_.calls.insert_or_assign(call_->id(), call_.get());
    for (call_observer* o : env_.observers)
        o->opened(call_->info());
}

bot_handler::~bot_handler()
{
    // A session of the same id may have got a new handler before this one went.
    if (const auto found = env_.calls.find(call_->id());
        found != env_.calls.end() && found->second == call_.get())
        env_.calls.erase(found);
    for (call_observer* o : env_.observers)
        o->closed(call_->info());
}

void bot_handler::on_speech_started(const incoming_event&) {}

asio::awaitable<void> bot_handler::act(std::vector<action> actions)
{
    auto done = co_await bot_call::act(call_, std::move(actions));
    refused_.insert(refused_.end(), std::make_move_iterator(done.failures.begin()),
                    std::make_move_iterator(done.failures.end()));
}

void bot_handler::refuse_sms(const problem& why)
{
    if (auto shown = sms_failure_filter::refused({}, why))
        refused_.push_back(std::move(*shown));
}

void bot_handler::observe(const incoming_event& in)
{
    call_->note_event(type_name(in.event));
    for (call_observer* o : env_.observers)
        o->event(in);
}

asio::awaitable<void> bot_handler::take(event e)
{
    incoming_event in;
    in.session = call_->info();
    in.event = std::move(e);
    observe(in);
    return show(std::move(in.event));
}

asio::awaitable<void> bot_handler::show(event e)
{
    const auto began = env_.time->now();
    const std::string type(type_name(e));
    incoming_event in;
    in.session = call_->info();
    in.event = std::move(e);
    co_await on_event(std::move(in));
    for (unsigned shown = 0; shown < max_refusals_shown; ++shown) {
        if (refused_.empty())
            break;
        incoming_event failure;
        failure.session = call_->info();
        failure.event = std::move(refused_.front());
        refused_.erase(refused_.begin());
        co_await on_event(std::move(failure));
    }
    refused_.clear();
    const auto took = env_.time->now() - began;
    for (call_observer* o : env_.observers)
        o->handled(type, took);
}

asio::awaitable<void> bot_handler::on_session_start(session_start e)
{
    return take(std::move(e));
}

void bot_handler::on_user_speech_started(user_speech_started e)
{
    incoming_event in;
    in.session = call_->info();
    in.event = e;
    observe(in);
    on_speech_started(in);
}

asio::awaitable<void> bot_handler::on_user_speak(user_speak e)
{
    return take(std::move(e));
}

asio::awaitable<void> bot_handler::on_user_barge_in(user_barge_in e)
{
    return take(std::move(e));
}

asio::awaitable<void> bot_handler::on_dtmf_received(dtmf_received e)
{
    return take(std::move(e));
}

asio::awaitable<void> bot_handler::on_assistant_speak(assistant_speak e)
{
    return take(std::move(e));
}

asio::awaitable<void> bot_handler::on_assistant_speech_ended(assistant_speech_ended e)
{
    return take(e);
}

asio::awaitable<void> bot_handler::on_user_input_timeout(user_input_timeout e)
{
    return take(e);
}

asio::awaitable<void> bot_handler::on_sms_failed(sms_failure f)
{
    incoming_event in;
    in.session = call_->info();
    in.event = f.event;
    observe(in);
    if (auto shown = call_->failures().failed(f))
        co_await show(std::move(*shown));
}

asio::awaitable<void> bot_handler::on_sms_outcome(sms_outcome o)
{
    for (call_observer* each : env_.observers)
        each->outcome(call_->info(), o);
    auto shown = call_->failures().ended(o);
    if (shown && !call_->over())
        co_await show(std::move(*shown));
}

asio::awaitable<void> bot_handler::on_unknown_event(unknown_event e)
{
    return take(std::move(e));
}

asio::awaitable<void> bot_handler::on_gap(gap)
{
    co_return;
}

asio::awaitable<void> bot_handler::on_session_end(session_end e)
{
    return take(std::move(e));
}

}  // namespace aiflow
