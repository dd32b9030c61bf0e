#pragma once

#include "aiflow/error.hpp"
#include "aiflow/secret.hpp"
#include "daemon/config.hpp"
#include "transport/url.hpp"

#include <string>
#include <string_view>

namespace aiflow {

/// Where events are posted to, and how; checked.
struct webhook_target {
    server_url url;
    secret token = {};
    daemon_config::webhook_section settings = {};

    /// "127.0.0.1:5000", for the log and for operators; never path or query, which can hold a
    /// secret.
    std::string name() const { return url.host_header; }
};

/// Errors, with the key in `field`: `invalid_url`, `invalid_header` for a token that must not go
/// on the wire, `invalid_value` for a CA file that cannot be used. No text quotes URL or token.
checked<webhook_target> make_webhook_target(const daemon_config::webhook_section& settings,
                                            secret token);

/// The POST of one event, as the service makes it (protocol.md 1.2).
std::string post_text(const webhook_target& target, std::string_view body);

}  // namespace aiflow
