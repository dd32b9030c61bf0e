#pragma once

#include "transport/tls_engine.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::bench {

/// The other end of the library's connection, driven by hand: nothing here waits.
///
/// Thread safety: none. Errors: everything that does not go as it should throws.
class budget_peer {
public:
    /// Takes the connected socket. `masks`: it plays the client, whose frames are masked.
    budget_peer(int socket, bool masks);
    budget_peer(const budget_peer&) = delete;
    budget_peer& operator=(const budget_peer&) = delete;
    ~budget_peer();

    /// From now on everything is encrypted.
    void secure(std::unique_ptr<tls_engine> engine);

    /// Goes on with the handshake of TLS; whether it is done.
    bool handshake();

    bool masks() const noexcept { return masks_; }

    void send(std::string_view bytes);

    /// Takes an HTTP header, when it has come: whether it has.
    bool take_header();

    /// Takes what has come. Each text has to hold `expected`.
    void take(std::string_view expected);

    /// Answers the pings that have come.
    void answer_pings();

    std::size_t texts() const noexcept { return texts_; }
    bool closed() const noexcept { return closed_; }  ///< a close frame has come
    bool ended() const noexcept { return ended_; }    ///< nothing more will come

private:
    void send_raw(std::string_view bytes);
    std::string receive_raw();
    void receive();
    bool take_frame(std::string_view expected);

    int socket_;
    bool masks_;
    std::unique_ptr<tls_engine> tls_;
    std::string in_;
    std::vector<std::string> pings_;
    std::size_t texts_ = 0;
    bool closed_ = false;
    bool ended_ = false;
};

}  // namespace aiflow::bench
