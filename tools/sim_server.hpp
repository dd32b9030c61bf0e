#pragma once

#include "aiflow/secret.hpp"
#include "aiflow/websocket.hpp"
#include "simulator/flow_simulator.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

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

    /// Whom new connections are given to from now on, with those that came when the play before
    /// was over already.
    void play(aiflow::simulator::flow_simulator& sim);

    /// Accepts until `stop`. Spawns a coroutine for each connection.
    boost::asio::awaitable<void> run();

    void stop();

private:
    struct guest {
        std::unique_ptr<aiflow::message_stream> stream;
        aiflow::simulator::wire_faults faults;
    };

    boost::asio::awaitable<void> welcome(boost::asio::ip::tcp::socket socket);
    void serve(guest g);
    aiflow::upgrade_answer decide(const aiflow::upgrade_request& request) const;

    boost::asio::io_context& io_;
    aiflow::clock& time_;
    options options_;
    boost::asio::ip::tcp::acceptor acceptor_;
    aiflow::simulator::flow_simulator* sim_ = nullptr;
    std::vector<guest> waiting_;
};
