#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace aiflow::bench {

/// A certificate for 127.0.0.1, signed by itself, and its key, for one run. The files go with the
/// object.
class certificate_files {
public:
    certificate_files();
    certificate_files(const certificate_files&) = delete;
    certificate_files& operator=(const certificate_files&) = delete;
    ~certificate_files();

    std::string certificate() const { return folder_ + "/certificate.pem"; }
    std::string key() const { return folder_ + "/key.pem"; }

private:
    std::string folder_;
};

using tls_context = std::shared_ptr<SSL_CTX>;

/// For the driver, whichever side it is. As a client it trusts everybody: it is the applications
/// that are measured.
tls_context driver_context(const certificate_files& files);

}  // namespace aiflow::bench
