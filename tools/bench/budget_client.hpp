#pragma once

#include "bench/budget_peer.hpp"
#include "bench/budget_turn.hpp"
#include "session/client_loop.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <stdexcept>

namespace aiflow::bench {

/// How the library and the peer are connected.
struct budget_wire {
    bool library_masks = true;  ///< the library plays the WebSocket's client
    bool tls = false;           ///< the library plays TLS's client
};

/// The library on one end of a pair of connected sockets, the peer on the other; in one thread.
/// Sockets of the Unix domain: what is sent has arrived, so every run takes the same steps.
class budget_client {
public:
    /// Throws when the two do not come together.
    budget_client(budget_wire wire, handler_factory factory);
    budget_client(const budget_client&) = delete;
    budget_client& operator=(const budget_client&) = delete;
    ~budget_client();

    asio::io_context& io() noexcept { return io_; }
    budget_peer& peer() noexcept { return *peer_; }
    dispatcher& home() noexcept { return loop_->home(); }

private:
    static asio::awaitable<dial_result> open(budget_client* self);
    void start(handler_factory factory);

    budget_wire wire_;
    asio::io_context io_{1};
    int socket_ = -1;  ///< the library's, until it takes it
    std::unique_ptr<tls_engine> engine_;
    std::unique_ptr<budget_peer> peer_;
    std::shared_ptr<client_loop> loop_;
    bool stopped_ = false;
};

}  // namespace aiflow::bench
