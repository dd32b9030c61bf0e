#include "aiflow/handler.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace aiflow {

// The defaults: an event that nobody cares about is no reason to do anything.
asio::awaitable<void> handler::on_session_start(session_start)
{
    co_return;
}
void handler::on_user_speech_started(user_speech_started) {}
asio::awaitable<void> handler::on_user_speak(user_speak)
{
    co_return;
}
asio::awaitable<void> handler::on_user_barge_in(user_barge_in)
{
    co_return;
}
asio::awaitable<void> handler::on_dtmf_received(dtmf_received)
{
    co_return;
}
asio::awaitable<void> handler::on_assistant_speak(assistant_speak)
{
    co_return;
}
asio::awaitable<void> handler::on_assistant_speech_ended(assistant_speech_ended)
{
    co_return;
}
asio::awaitable<void> handler::on_user_input_timeout(user_input_timeout)
{
    co_return;
}
asio::awaitable<void> handler::on_sms_failed(sms_failure)
{
    co_return;
}
asio::awaitable<void> handler::on_sms_outcome(sms_outcome)
{
    co_return;
}
asio::awaitable<void> handler::on_unknown_event(unknown_event)
{
    co_return;
}
asio::awaitable<void> handler::on_gap(gap)
{
    co_return;
}
asio::awaitable<void> handler::on_session_end(session_end)
{
    co_return;
}

namespace {

void throw_if(const checked<void>& sent)
{
    if (!sent)
        throw failure(sent.error());
}

}  // namespace

asio::awaitable<void> handler::say(std::string text)
{
    speak what;
    what.text = std::move(text);
    throw_if(call_.send(action(std::move(what))));
    co_return;
}

asio::awaitable<void> handler::say(const speak& what)
{
    return send(action(what));
}

asio::awaitable<void> handler::send(action a)
{
    throw_if(call_.send(a));
    co_return;
}

asio::awaitable<void> handler::send(std::vector<action> actions)
{
    throw_if(call_.send(actions));
    co_return;
}

asio::awaitable<void> handler::hang_up()
{
    throw_if(call_.send(action(hangup{})));
    co_return;
}

asio::awaitable<sms_ticket> handler::send_sms(checked<phone_number> to, std::string text)
{
    return submit(std::move(to), std::move(text), sms_options());
}

asio::awaitable<sms_ticket> handler::submit(checked<phone_number> to, std::string text,
                                            sms_options options)
{
    if (!to)
        throw failure(to.error());
    auto ticket = co_await session::submit_sms(call_.state_, std::move(*to), std::move(text),
                                               std::move(options));
    // Not refused: only the wait for it ended, as that for everything else does.
    if (!ticket && ticket.error().code == errc::interrupted)
        throw boost::system::system_error(asio::error::operation_aborted);
    if (!ticket)
        throw failure(ticket.error());
    co_return *ticket;
}

}  // namespace aiflow
