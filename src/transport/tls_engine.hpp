#pragma once

#include "aiflow/error.hpp"

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace aiflow {

struct ssl_deleter {
    void operator()(SSL* session) const noexcept;
};

/// OpenSSL between memory and memory: what comes in is fed, what has to go out is taken.
///
/// Thread safety: none. No I/O.
class tls_engine {
public:
    enum class progress : unsigned char { done, wants_input, failed };

    /// The client's side towards `host`, which the certificate has to name: a DNS name, which is
    /// sent as SNI, or an IP address, which is not.
    tls_engine(SSL_CTX* context, const std::string& host);

    /// The server's side.
    explicit tls_engine(SSL_CTX* context);

    /// What the peer sent during the handshake.
    void feed(std::string_view cipher);

    /// Goes on with the handshake. `done` is reported only when the certificate has been verified.
    progress handshake();

    /// Why the handshake failed: `certificate_rejected`, or an error of OpenSSL.
    error_code error() const noexcept { return error_; }

    /// For the log: which kind of certificate problem, or OpenSSL's words.
    const std::string& detail() const noexcept { return detail_; }

    /// Takes what the peer sent, and appends what can be decrypted to `plain`.
    /// Errors: `eof` when the peer has ended the TLS session; errors of OpenSSL.
    error_code decrypt(std::string_view cipher, std::string& plain);

    error_code encrypt(std::string_view plain);

    /// Tells the peer that no more will come.
    void end();

    /// What has to go to the peer. The caller takes bytes away as it sends them.
    std::string& output() noexcept { return output_; }

private:
    error_code decrypt_fed(std::string& plain);
    void collect_output();
    void note_failure();

    std::unique_ptr<SSL, ssl_deleter> ssl_;
    BIO* in_;   // owned by `ssl_`
    BIO* out_;  // likewise
    std::string output_;
    error_code error_;
    std::string detail_;
};

}  // namespace aiflow
