#pragma once

#include "aiflow/client.hpp"
#include "aiflow/listener.hpp"
#include "aiflow/sqlite_outbox.hpp"
#include "daemon/config.hpp"
#include "daemon/environment.hpp"
#include "text/file_problem.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What the library is told by a configuration. Logger, clock and store are left to the daemon.
///
/// The field of each problem is place and key: "aiflowd.toml:12: listen.token_files".
namespace aiflow {

/// Reads tokens, certificate and key, and checks everything.
checked<listener_options> listener_options_of(const daemon_config& config,
                                              const daemon_environment& environment);

/// Reads the token and the CA file, and checks everything.
checked<client_options> client_options_of(const daemon_config& config,
                                          const daemon_environment& environment);

/// `side` is "listen" or "connect": each has an outbox of its own, in `outbox-<side>` below
/// `outbox.directory` or `$STATE_DIRECTORY`. Problem: there is neither.
checked<sqlite_outbox_options> outbox_options_of(const daemon_config& config, std::string_view side,
                                                 const daemon_environment& environment);

/// The token for the web app; an empty one when none is wanted.
checked<secret> webhook_token_of(const daemon_config& config,
                                 const daemon_environment& environment);

/// The path of the control socket; nothing when it is "off". Problem: no directory for it.
checked<std::optional<std::string>> control_socket_of(const daemon_config& config,
                                                      const daemon_environment& environment);

/// What the library says about the values that are no files, or nothing.
std::optional<file_problem> library_problem(const daemon_config& config);

}  // namespace aiflow
