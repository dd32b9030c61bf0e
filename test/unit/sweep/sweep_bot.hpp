#pragma once

#include "aiflow/handler.hpp"
#include "sweep_log.hpp"

#include <string>

namespace aiflow::test {

/// An event in words, the same for whoever saw it.
std::string in_words(const event& e);

/// What the bots of one play share. Outlives them.
struct bot_world {
    clock& time;
    sweep_log& log;
    clock::duration thinks{};  ///< before every answer
    std::size_t texts = 0;     ///< every SMS has a text of its own
};

/// A bot that can play the scenarios, and notes all that it is told.
class sweep_bot final : public handler {
public:
    sweep_bot(session call, bot_world* world);
    ~sweep_bot() override;

    asio::awaitable<void> on_session_start(session_start e) override;
    void on_user_speech_started(user_speech_started e) override;
    asio::awaitable<void> on_user_speak(user_speak e) override;
    asio::awaitable<void> on_user_barge_in(user_barge_in e) override;
    asio::awaitable<void> on_dtmf_received(dtmf_received e) override;
    asio::awaitable<void> on_assistant_speak(assistant_speak e) override;
    asio::awaitable<void> on_assistant_speech_ended(assistant_speech_ended e) override;
    asio::awaitable<void> on_user_input_timeout(user_input_timeout e) override;
    asio::awaitable<void> on_sms_failed(sms_failure e) override;
    asio::awaitable<void> on_sms_outcome(sms_outcome e) override;
    asio::awaitable<void> on_gap(aiflow::gap e) override;
    asio::awaitable<void> on_session_end(session_end e) override;

private:
    void note(sweep_note n);
    void told(const event& e);
    asio::awaitable<void> think();
    asio::awaitable<void> text_to(checked<phone_number> number);
    asio::awaitable<void> answer(std::string text);

    bot_world& world_;
};

}  // namespace aiflow::test
