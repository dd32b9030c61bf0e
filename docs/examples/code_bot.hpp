#pragma once

#include <aiflow/handler.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;

/// A caller asks for a code and gets it by SMS: the whole bot.
struct code_bot : aiflow::handler {
    using handler::handler;

    asio::awaitable<void> on_session_start(aiflow::session_start e) override
    {
        if (!e.resumed)
            co_await say("Hello. Shall I text you the code?");
    }

    asio::awaitable<void> on_user_speak(aiflow::user_speak e) override
    {
        if (!e.mentions("code"))
            co_return;
        std::string answer = "It is on its way.";
        try {
            co_await send_sms(caller(), "Your confirmation code is 4242.");
        } catch (const aiflow::failure& refused) {  // such as a number that is withheld
            std::cout << "sms: " << refused.what() << std::endl;
            answer = "I am sorry, I cannot send it.";
        }
        co_await say(answer);
    }

    asio::awaitable<void> on_sms_failed(aiflow::sms_failure f) override
    {
        if (f.will_retry)
            std::cout << "sms: " << f.event.reason << ", next attempt in " << f.retry_in.count()
                      << " ms" << std::endl;
        co_return;
    }

    asio::awaitable<void> on_sms_outcome(aiflow::sms_outcome o) override
    {
        std::cout << "sms: " << to_string(o) << std::endl;
        if (o.failed() && !call().over())
            co_await say("I am sorry, I could not send it.");
    }
};
