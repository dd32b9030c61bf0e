#pragma once

#include "aiflow/secret.hpp"
#include "aiflow/websocket.hpp"
#include "simulator/flow_simulator.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <string>

/// Accepts WebSockets and hands them to the simulator that plays at the time.
///
/// Thread safety: none; one thread.
/// Lifetime: has to outlive its coroutines.
class sim_server {
public:
    struct options {
        std::string path = "/stream";
        aiflow::secret token = {};                           ///< no token is asked for when empty
        std::function<void(std::string_view)> refused = {};  ///< told of every refused connection
    };

    sim_server(boost::asio::io_context& io, aiflow::clock& time, options o);

    /// Binds and listens; the error when the address is not available.
    boost::system::error_code listen(const boost::asio::ip::tcp::endpoint& where);

    std::uint16_t port() const;

    /// Whom new connections are given to; nobody: they are closed at once.
    void play(aiflow::simulator::flow_simulator* sim) noexcept { sim_ = sim; }

    /// Accepts until `stop`. Spawns a coroutine for each connection.
    boost::asio::awaitable<void> run();

    void stop();

private:
    boost::asio::awaitable<void> welcome(boost::asio::ip::tcp::socket socket);
    aiflow::upgrade_answer decide(const aiflow::upgrade_request& request) const;

    boost::asio::io_context& io_;
    aiflow::clock& time_;
    options options_;
    boost::asio::ip::tcp::acceptor acceptor_;
    aiflow::simulator::flow_simulator* sim_ = nullptr;
};
