#pragma once

#include "aiflow/websocket.hpp"
#include "connection_source.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

/// Dials a bot's WebSocket server, as AI Flow does: as many connections as the play wants, and
/// another one for each that is lost while its calls go on.
class sim_dialer : public connection_source {
public:
    struct options {
        aiflow::dial_options peer;
        bool may_give_up = false;  ///< before the calls begin, when the bot refuses or is not there
    };

    sim_dialer(boost::asio::io_context& io, aiflow::clock& time, options o);

    std::string bot() const override;
    void start(watcher tell) override;
    void play(aiflow::simulator::flow_simulator& sim) override;
    void connection_lost() override;
    void stop() override;

private:
    bool dial_missing(aiflow::clock::duration delay);
    void replace_lost();
    boost::asio::awaitable<void> connect_after(aiflow::clock::duration delay);
    boost::asio::awaitable<void> hand_over(std::unique_ptr<aiflow::message_stream> stream);
    boost::asio::awaitable<void> stopped();
    bool goes_on_after(const aiflow::connect_failure& f);

    boost::asio::io_context& io_;
    aiflow::clock& time_;
    options options_;
    watcher tell_;
    boost::asio::steady_timer stop_;  // expires when everything is to end
    aiflow::simulator::flow_simulator* sim_ = nullptr;
    std::size_t trying_ = 0;  // connections that are being opened, or will be after a delay
    aiflow::clock::duration redial_delay_{};
    aiflow::clock::time_point play_began_;
    aiflow::clock::time_point last_opened_;
    std::string last_failure_;
    bool stopping_ = false;
};
