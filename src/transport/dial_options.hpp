#pragma once

#include "aiflow/websocket.hpp"
#include "transport/url.hpp"

namespace aiflow {

/// As `validate`, but without reading the CA file; gives the URL when all is well.
checked<server_url> check(const dial_options& options);

/// What is wrong with the limits, or nothing.
std::optional<problem> validate(const stream_limits& limits);

}  // namespace aiflow
