#pragma once

#include "aiflow/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace aiflow {

/// Which pair of schemes is taken.
enum class url_kind : unsigned char {
    websocket,  ///< `ws://`, `wss://`
    web         ///< `http://`, `https://`
};

/// A URL, taken apart for connecting to its server.
struct server_url {
    bool tls = false;
    std::string host;  ///< a name, or an IP address without brackets
    std::uint16_t port = 0;
    std::string host_header;  ///< with brackets, and with the port unless it is the scheme's own
    std::string target;       ///< path and query
};

/// Errors: `invalid_url`. The text never quotes the URL, which can hold a secret.
checked<server_url> parse_url(url_kind kind, std::string_view text);

/// Whether the host is this machine by its very name: `localhost` or a loopback address.
bool is_loopback(std::string_view host);

}  // namespace aiflow
