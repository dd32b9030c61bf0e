#pragma once

#include "aiflow/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace aiflow {

/// A `ws://` or `wss://` URL, taken apart for dialling.
struct websocket_url {
    bool tls = false;
    std::string host;  ///< a name, or an IP address without brackets
    std::uint16_t port = 0;
    std::string host_header;  ///< with brackets, and with the port unless it is the scheme's own
    std::string target;       ///< path and query
};

/// Errors: `invalid_url`. The text never quotes the URL, which can hold a secret.
checked<websocket_url> parse_websocket_url(std::string_view text);

/// Whether the host is this machine by its very name: `localhost` or a loopback address.
bool is_loopback(std::string_view host);

}  // namespace aiflow
