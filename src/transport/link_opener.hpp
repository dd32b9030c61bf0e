#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/websocket.hpp"
#include "transport/byte_link.hpp"
#include "transport/url.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace aiflow {

/// Where a link leads, and how long each step may take.
struct link_target {
    server_url url;
    std::string ca_file = {};  ///< as in `dial_options`
    /// `upgrade` is not of interest here.
    handshake_timeouts timeouts = {};
    /// From when `timeouts.total` counts.
    clock::time_point started;
};

using link_result = boost::system::result<std::unique_ptr<byte_link>, connect_failure>;

/// Opens a connection: resolves anew, tries every address, and for `url.tls` makes the handshake
/// and verifies the certificate's chain and name. Not one byte of the caller's has been sent.
///
/// Runs on the calling coroutine's executor, which becomes the link's.
/// The system's resolver cannot be interrupted: a look-up that takes too long is left behind, and
/// the context's destructor waits for it.
/// Errors: in the result, with their stage; throws nothing but `bad_alloc`.
/// Cancellation: terminal, total; completes with `operation_aborted`.
/// Lifetime: `time` must outlive the link.
asio::awaitable<link_result> open_link(clock& time, link_target target);

}  // namespace aiflow
