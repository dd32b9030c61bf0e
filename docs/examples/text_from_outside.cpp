// Texts a caller from outside a handler, as a web request or a timer of another service would:
// every call gets a link half a second after it began, and the program learns how that went.
#include "example.hpp"

#include <aiflow/client.hpp>
#include <aiflow/run.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <iostream>

namespace asio = boost::asio;

namespace {

// Not part of any handler: all it has is a handle of the call.
asio::awaitable<void> text_the_link(aiflow::session call)
{
    asio::steady_timer pause(co_await asio::this_coro::executor, std::chrono::milliseconds(500));
    co_await pause.async_wait(asio::use_awaitable);

    const auto to = call.caller();
    if (!to) {
        std::cout << "no SMS: " << to_string(to.error()) << std::endl;
        co_return;
    }
    aiflow::sms_options options;
    options.client_ref = "link-" + call.id();  // asking twice for the same call sends one SMS
    const auto ticket = co_await call.async_send_sms(*to, "Your link: https://example.com/a1b2",
                                                     options, asio::use_awaitable);
    if (!ticket) {
        std::cout << "refused: " << to_string(ticket.error()) << std::endl;
        co_return;
    }
    std::cout << "accepted, " << ticket->segments << " segment(s)" << std::endl;
    const auto outcome = co_await call.async_sms_outcome(ticket->id, asio::use_awaitable);
    if (outcome)
        std::cout << "sms: " << to_string(*outcome) << std::endl;
}

struct greeter : aiflow::handler {
    using handler::handler;

    asio::awaitable<void> on_session_start(aiflow::session_start e) override
    {
        if (e.resumed)
            co_return;
        co_await say("Hello. I will text you a link while we talk.");
        asio::co_spawn(call().get_executor(), text_the_link(call()), asio::detached);
    }
};

}  // namespace

int main(int argc, char** argv)
{
    const auto options = example::client_options_from(argc, argv);
    if (!options)
        return 64;
    asio::io_context io;
    aiflow::client client(io, *options);
    client.serve<greeter>();
    return aiflow::run_until_signalled(io, client) ? 1 : 0;
}
