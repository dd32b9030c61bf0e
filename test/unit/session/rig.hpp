#pragma once

#include "aiflow/client.hpp"
#include "manual_clock.hpp"
#include "scripted_handler.hpp"
#include "session/client_loop.hpp"
#include "simulator/stream_pair.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
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
    bool hang = false;                 ///< attempts neither succeed nor fail
    bool out_of_memory = false;        ///< attempts throw
    asio::cancellation_signal cancel;  ///< of its run
    std::optional<error_code> finished;

    /// Moves the peer's texts, until its connection ends and until its outbox is empty.
    asio::awaitable<void> read(peer& p);
    asio::awaitable<void> write(peer& p);

private:
    asio::awaitable<dial_result> connect();
};

}  // namespace aiflow::test
