#include "bench/budget_bot.hpp"

namespace aiflow::bench {

asio::awaitable<void> budget_bot::on_session_start(session_start)
{
    ++counts_.starts;
    co_return;
}

asio::awaitable<void> budget_bot::on_user_speak(user_speak)
{
    ++counts_.questions;
    if (answer_ == answer::speech)
        co_await say("Thank you, let me look that up for you.");
    else
        co_await send_sms(caller(), "Your confirmation code is 4242.");
}

asio::awaitable<void> budget_bot::on_assistant_speak(assistant_speak)
{
    ++counts_.own_words;
    co_return;
}

asio::awaitable<void> budget_bot::on_session_end(session_end)
{
    ++counts_.ends;
    co_return;
}

}  // namespace aiflow::bench
