#pragma once

#include "../support/control_rig.hpp"
#include "../support/raw_peer.hpp"
#include "daemon/control_server.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// A directory of its own that goes with the object. Everybody may enter it.
struct temporary_directory {
    temporary_directory();
    ~temporary_directory();

    std::filesystem::path path;
};

/// A control socket, and a metrics port when wanted, served under virtual time.
struct control_socket_rig {
    explicit control_socket_rig(std::optional<peer_access> access = {}, bool for_others = false);
    ~control_socket_rig();

    /// A connection to the control socket.
    raw_peer knock();
    /// The whole answer to a request after which the daemon closes.
    std::string ask(std::string_view request);
    /// Lets virtual time pass, and everything happen that it brings.
    void pass(clock::duration span);
    /// Something happens in a call.
    void tell(std::string text);
    std::size_t logged(std::string_view id) const;

    temporary_directory directory;
    std::string path = directory.path / "control.sock";
    loopback net;
    control_rig rig{net.io, net.time};
    std::vector<std::string> log;
    std::optional<control_socket> socket;
    control_server_options options;
    std::shared_ptr<control_server> server;
    bool finished = false;
};

/// `GET target`, as the last or as one of several requests of a connection.
std::string get(std::string_view target, std::string_view headers = "Connection: close\r\n");
std::string with_body(std::string_view method, std::string_view target, std::string_view body,
                      std::string_view headers = "Connection: close\r\n");

}  // namespace aiflow::test
