#pragma once

#include "aiflow/client.hpp"
#include "manual_clock.hpp"
#include "session/client_loop.hpp"
#include "simulator/stream_pair.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

using namespace std::chrono_literals;

/// The peer's end of one connection: what it got, and a way to send.
struct peer {
    std::unique_ptr<message_stream> stream;
    simulator::stream_control control;         ///< of the peer's end
    simulator::stream_control client_control;  ///< of the client's end
    std::vector<std::string> received;
    std::optional<stream_end> end;

    void send(std::string text) { outbox.push_back(std::move(text)); }

    std::deque<std::string> outbox;
};

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

/// A client under virtual time whose connections end in the test's hands.
struct rig {
    explicit rig(client_options o = {});
    ~rig();

    void start();
    void run(clock::duration span) { run_for(io, time, span); }
    void settle() { test::settle(io); }
    bool until(const std::function<bool()>& done, clock::duration limit = 10min)
    {
        return run_until(io, time, limit, done);
    }

    /// The latest connection.
    peer& last() { return *peers.back(); }
    /// Sends on the latest connection and lets everything happen that needs no time.
    void send(std::string text);
    void send(peer& to, std::string text);
    bool logged(std::string_view id) const;

    asio::io_context io;
    manual_clock time;
    std::shared_ptr<script> bot = std::make_shared<script>();
    std::vector<std::string> log;
    std::shared_ptr<client_loop> loop;
    std::deque<std::unique_ptr<peer>> peers;
    std::deque<connect_failure> refusals;  ///< for the next attempts
    std::size_t attempts = 0;
    bool hang = false;  ///< attempts neither succeed nor fail
    std::optional<error_code> finished;

private:
    asio::awaitable<dial_result> connect();
    asio::awaitable<void> read(peer& p);
    asio::awaitable<void> write(peer& p);
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
