#pragma once

#include "hostile_script.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace aiflow::test::hostile {

/// Misbehaves once its WebSocket is open. Every one of these is played to our listener and to our
/// client.
struct open_peer {
    std::string name;
    peer_script does;
    verdict must;
};

/// What `who` does in frames, in time and with sessions.
std::vector<open_peer> open_peers(role who);
/// Every way to say goodbye.
std::vector<open_peer> closing_peers(role who);

/// Connects to our listener, and may never come to a WebSocket.
struct knocking_peer {
    std::string name;
    peer_script does;
    verdict must;
    bool tls = false;       ///< where the listener speaks TLS
    std::size_t crowd = 1;  ///< as many of them at once
};

std::vector<knocking_peer> knocking_peers();

/// Is dialled by our client. Its script begins when it has the request, or the TLS handshake.
struct answering_peer {
    std::string name;
    peer_script does;
    verdict must;
    bool tls = false;    ///< what the client wants to speak
    unsigned times = 1;  ///< it does so to as many attempts in a row
    bool opens = false;  ///< its answer is good enough
};

std::vector<answering_peer> answering_peers();

/// Where a redirect leads to: an origin of its own, which nobody may visit.
std::string elsewhere();
bool somebody_came_elsewhere();

}  // namespace aiflow::test::hostile
