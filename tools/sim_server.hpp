#pragma once

#include "aiflow/secret.hpp"
#include "aiflow/websocket.hpp"
#include "connection_source.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <vector>

/// Accepts WebSockets and hands them to the simulator that plays at the time; those that come when
/// the play is over already wait for the next one.
class sim_server : public connection_source {
public:
    struct options {
        std::string path = "/stream";
        aiflow::secret token = {};  ///< no token is asked for when empty
    };

    sim_server(boost::asio::io_context& io, aiflow::clock& time, options o);

    /// Binds and listens; the error when the address is not available.
    boost::system::error_code listen(const boost::asio::ip::tcp::endpoint& where);

    std::uint16_t port() const;

    std::string bot() const override;
    void start(watcher tell) override;
    void play(aiflow::simulator::flow_simulator& sim) override;
    void connection_lost() override {}  // it is the bot that dials again
    void stop() override;

private:
    struct guest {
        std::unique_ptr<aiflow::message_stream> stream;
        aiflow::simulator::wire_faults faults;
    };

    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> welcome(boost::asio::ip::tcp::socket socket);
    void serve(guest g);
    aiflow::upgrade_answer decide(const aiflow::upgrade_request& request) const;

    boost::asio::io_context& io_;
    aiflow::clock& time_;
    options options_;
    watcher tell_;
    boost::asio::ip::tcp::acceptor acceptor_;
    aiflow::simulator::flow_simulator* sim_ = nullptr;
    std::vector<guest> waiting_;
};
