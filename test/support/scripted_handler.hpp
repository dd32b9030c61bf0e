#pragma once

#include "aiflow/codec.hpp"
#include "aiflow/handler.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// What a test wants to happen in a handler.
struct script {
    std::vector<std::string> journal;
    std::function<asio::awaitable<void>(class scripted_handler&, std::string)> on_event;
    std::vector<session> sessions;
    std::vector<sms_outcome> outcomes;
    std::vector<sms_failure> failures;
    std::vector<session_end> ends;
    std::vector<gap> gaps;
    int alive = 0;
};

/// Writes down everything, then does what the script says.
class scripted_handler final : public handler {
public:
    scripted_handler(session call, std::shared_ptr<script> s);
    ~scripted_handler() override;

    asio::awaitable<void> on_session_start(session_start e) override;
    void on_user_speech_started(user_speech_started e) override;
    asio::awaitable<void> on_user_speak(user_speak e) override;
    asio::awaitable<void> on_user_barge_in(user_barge_in e) override;
    asio::awaitable<void> on_dtmf_received(dtmf_received e) override;
    asio::awaitable<void> on_sms_failed(sms_failure e) override;
    asio::awaitable<void> on_sms_outcome(sms_outcome e) override;
    asio::awaitable<void> on_unknown_event(unknown_event e) override;
    asio::awaitable<void> on_gap(gap e) override;
    asio::awaitable<void> on_session_end(session_end e) override;

    using handler::call;
    using handler::caller;
    using handler::hang_up;
    using handler::say;
    using handler::send;
    using handler::send_sms;

private:
    asio::awaitable<void> note(std::string what);

    std::shared_ptr<script> script_;
};

/// Events as the service sends them.
std::string start(std::string_view id, std::string_view from = "4915112345678");
std::string speak_event(std::string_view id, std::string_view text, bool barged_in = false);
std::string plain(std::string_view type, std::string_view id);
std::string failed_event(std::string_view id, std::string_view recipient, std::string_view reason);

/// How many of the messages are actions of that type, and the n-th of them.
std::size_t count(const std::vector<std::string>& messages, std::string_view type);
addressed_action nth(const std::vector<std::string>& messages, std::string_view type,
                     std::size_t n = 0);

}  // namespace aiflow::test
