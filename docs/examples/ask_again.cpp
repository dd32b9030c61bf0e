// When an SMS fails for good, the bot asks for another number and tries that one, once.
#include "example.hpp"

#include <aiflow/client.hpp>
#include <aiflow/run.hpp>

#include <algorithm>
#include <cctype>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;

namespace {

// What speech recognition makes of a spoken number: digits between words, signs and blanks.
std::string digits_in(const std::string& text)
{
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](unsigned char c) { return std::isdigit(c) != 0; });
    return digits;
}

}  // namespace

struct persistent_bot : aiflow::handler {
    using handler::handler;

    asio::awaitable<void> on_session_start(aiflow::session_start e) override
    {
        if (!e.resumed)
            co_await say("Hello. Say code, and I will text it to you.");
    }

    asio::awaitable<void> on_user_speak(aiflow::user_speak e) override
    {
        if (asking_) {
            const auto number = aiflow::phone_number::parse(digits_in(e.text));
            if (!number) {
                co_await say("That is not a number with its country code. Once more, please.");
                co_return;
            }
            asking_ = false;
            co_await text_the_code(*number);
        } else if (e.mentions("code")) {
            co_await text_the_code(caller());
        }
    }

    asio::awaitable<void> on_sms_outcome(aiflow::sms_outcome o) override
    {
        std::cout << "sms: " << to_string(o) << std::endl;
        if (!o.failed() || call().over())
            co_return;
        if (tries_ < 2) {
            asking_ = true;
            co_await say("That did not work. Which number shall I use instead?");
        } else {
            co_await say("I am sorry, it does not work today.");
        }
    }

private:
    asio::awaitable<void> text_the_code(aiflow::checked<aiflow::phone_number> to)
    {
        ++tries_;
        std::optional<std::string> why_not;
        try {
            co_await send_sms(to, "Your confirmation code is 4242.");
        } catch (const aiflow::failure& e) {
            why_not = to_string(e.what_is_wrong());
        }
        if (why_not) {
            std::cout << "sms: refused: " << *why_not << std::endl;
            co_await say("I am sorry, I cannot text that number.");
        } else {
            co_await say("It is on its way.");
        }
    }

    bool asking_ = false;
    int tries_ = 0;
};

int main(int argc, char** argv)
{
    auto options = example::client_options_from(argc, argv);
    if (!options)
        return 64;
    // The second SMS of a call may follow the first one sooner than usual: it replaces it.
    options->sessions.sms.session_interval = std::chrono::seconds{1};
    asio::io_context io;
    aiflow::client client(io, *options);
    client.serve<persistent_bot>();
    return aiflow::run_until_signalled(io, client) ? 1 : 0;
}
