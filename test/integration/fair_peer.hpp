#pragma once

#include "loopback.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace aiflow::test::hostile {

/// A well-behaved peer with one call: always reads, so that it answers pings.
class fair_peer {
public:
    fair_peer(loopback& net, std::unique_ptr<message_stream> stream, std::string session_id);
    fair_peer(fair_peer&&) noexcept = default;
    ~fair_peer();

    /// Begins the call, says something, ends the call; false when that is not answered as it
    /// should be, at once.
    bool starts();
    bool talks();
    bool hangs_up();

private:
    struct state {
        std::unique_ptr<message_stream> stream;
        std::string heard;
        bool ended = false;
    };

    static asio::awaitable<bool> read_on(std::shared_ptr<state> s);
    static asio::awaitable<bool> write(std::shared_ptr<state> s, std::string text);
    bool asks(std::string event, std::string_view answer);

    loopback* net_;
    std::shared_ptr<state> state_;
    std::string session_id_;
    unsigned said_ = 0;
};

}  // namespace aiflow::test::hostile
