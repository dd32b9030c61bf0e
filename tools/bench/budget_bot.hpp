#pragma once

#include "aiflow/handler.hpp"

#include <cstddef>

namespace aiflow::bench {

/// What the handlers of a workload have been called for.
struct budget_counts {
    std::size_t starts = 0;
    std::size_t questions = 0;
    std::size_t own_words = 0;
    std::size_t ends = 0;
};

/// Answers each question with one sentence, or with an SMS.
class budget_bot final : public handler {
public:
    enum class answer : unsigned char { speech, sms };

    budget_bot(session call, answer a, budget_counts* counts)
        : handler(std::move(call)), answer_(a), counts_(*counts)
    {
    }

    asio::awaitable<void> on_session_start(session_start) override;
    asio::awaitable<void> on_user_speak(user_speak) override;
    asio::awaitable<void> on_assistant_speak(assistant_speak) override;
    asio::awaitable<void> on_session_end(session_end) override;

private:
    answer answer_;
    budget_counts& counts_;
};

}  // namespace aiflow::bench
