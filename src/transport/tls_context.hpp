#pragma once

#include "aiflow/error.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>

namespace aiflow {

struct ssl_context_deleter {
    void operator()(SSL_CTX* context) const noexcept;
};
using ssl_context = std::unique_ptr<SSL_CTX, ssl_context_deleter>;

/// Settings for the client's side: TLS 1.2 or later with forward secrecy, security level 2, the
/// peer is verified. The certificates to trust are the system's when `ca_file` is empty.
/// Errors: `invalid_value` for a file that cannot be used.
checked<ssl_context> client_context(const std::string& ca_file);

/// The same for the server's side, with a certificate chain and its private key, both PEM.
/// Errors: `invalid_value`, which names the file and what is wrong with it: missing, not readable,
/// not PEM, or a key of another certificate.
checked<ssl_context> server_context(const std::string& certificate_file,
                                    const std::string& key_file);

}  // namespace aiflow
