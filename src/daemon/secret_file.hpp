#pragma once

#include "aiflow/error.hpp"
#include "aiflow/secret.hpp"
#include "daemon/environment.hpp"

#include <string>

namespace aiflow {

/// Reads a token: `place` is a path, or `credential:NAME` for the file NAME in
/// `$CREDENTIALS_DIRECTORY` (systemd's LoadCredential=). One end of a line behind it is left out.
///
/// The file has to be a regular one that only its owner can read; one of root's may be readable for
/// its group, as systemd's credentials are.
/// Error: `invalid_value`; the field is `place`, and nothing repeats the content.
checked<secret> read_token(const std::string& place, const daemon_environment& environment);

}  // namespace aiflow
