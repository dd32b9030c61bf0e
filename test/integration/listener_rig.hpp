#pragma once

#include "aiflow/listener.hpp"
#include "loopback.hpp"
#include "raw_peer.hpp"
#include "scripted_handler.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// A listener on a free port of this machine whose bot says "after ..." to every event, under
/// virtual time.
struct listener_rig {
    explicit listener_rig(listener_options o = {});
    ~listener_rig();

    /// A connection of which the test decides every byte.
    raw_peer knock();

    /// The first line of the answer to `request`; empty when there is none.
    std::string answer_to(std::string_view request);

    /// Dials as the service does.
    dial_result dial_in(std::string token = "s3cret", std::vector<http_header> headers = {},
                        std::string ca_file = {});
    void send(message_stream& stream, std::string text);
    /// The next text message.
    std::string next(message_stream& stream);

    /// Lets virtual time pass, and everything happen that it brings.
    void pass(clock::duration span);
    template <class Done>
    bool until(Done done)
    {
        return net.until(done);
    }
    std::size_t logged(std::string_view id) const;

    loopback net;
    std::vector<std::string> log;
    std::shared_ptr<script> bot = std::make_shared<script>();
    std::optional<listener> service;
    asio::cancellation_signal cancel;  ///< of its run
    std::optional<error_code> finished;
    bool tls;

private:
    std::map<message_stream*, std::deque<std::string>> arrived_;
};

/// An upgrade request as the service sends it.
std::string upgrade_to(std::string_view path, std::string_view headers = {});

/// The text of the one `speak` in a message.
std::string spoken(const std::string& message);

/// One event, posted.
std::string post(std::string_view path, std::string_view body, std::string_view headers = {});

}  // namespace aiflow::test
