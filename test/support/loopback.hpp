#pragma once

#include "aiflow/websocket.hpp"
#include "manual_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace aiflow::test {

/// What a coroutine has come to, once it has.
template <class T>
class outcome {
public:
    bool done() const { return state_->value || state_->error; }

    T& get()
    {
        if (state_->error)
            std::rethrow_exception(state_->error);
        return state_->value.value();
    }

private:
    friend class loopback;

    struct state {
        std::optional<T> value;
        std::exception_ptr error;
    };

    std::shared_ptr<state> state_ = std::make_shared<state>();
};

/// Two streams that are connected with each other.
struct stream_pair {
    std::unique_ptr<message_stream> client;
    std::unique_ptr<message_stream> server;
};

/// Real sockets on this machine, with time that stands still until it is told to move.
class loopback {
public:
    loopback();

    manual_clock time;  // before `io`, whose coroutines sleep on it
    asio::io_context io;
    asio::ip::tcp::acceptor acceptor;

    std::uint16_t port() const { return acceptor.local_endpoint().port(); }
    std::string url(std::string_view path = "/") const;

    /// Runs until `done`; false when that takes so long that it will never be. Only then does the
    /// machine's speed matter.
    template <class Done>
    bool until(Done done)
    {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done()) {
            if (std::chrono::steady_clock::now() > give_up)
                return false;
            io.restart();
            io.run_one_for(std::chrono::milliseconds(20));
        }
        return true;
    }

    template <class T>
    outcome<T> start(asio::awaitable<T> op)
    {
        outcome<T> result;
        asio::co_spawn(io, std::move(op), [s = result.state_](std::exception_ptr error, T value) {
            if (error)
                s->error = error;
            else
                s->value.emplace(std::move(value));
        });
        return result;
    }

    /// Runs `op` to its end.
    template <class T>
    T run(asio::awaitable<T> op)
    {
        auto result = start(std::move(op));
        if (!until([&] { return result.done(); }))
            throw std::runtime_error("an operation did not complete");
        return std::move(result.get());
    }

    /// Accepts one connection.
    asio::ip::tcp::socket accept_socket();

    dial_options plain(std::string_view path = "/") const;

    /// A client and a server, both ours.
    stream_pair connect(stream_limits client_limits = {}, accept_options server = {});
};

asio::awaitable<bool> closed(message_stream& stream, std::uint16_t code, std::string reason,
                             clock::time_point deadline);

}  // namespace aiflow::test
