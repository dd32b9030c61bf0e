#pragma once

#include "aiflow/websocket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

namespace aiflow::test {

/// The service's end in a thread of its own: accepts, starts a call on each connection, counts what
/// comes back.
class loopback_service {
public:
    enum class manner { starts_a_call, never_answers };

    explicit loopback_service(manner m = manner::starts_a_call);
    ~loopback_service();

    std::string url() const { return "ws://127.0.0.1:" + std::to_string(port_) + "/stream"; }

    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> messages{0};

private:
    asio::awaitable<void> listen();
    asio::awaitable<void> serve(asio::ip::tcp::socket socket);

    manner manner_;
    asio::io_context io_{1};
    asio::ip::tcp::acceptor acceptor_;
    unsigned short port_;
    std::thread thread_;
};

}  // namespace aiflow::test
