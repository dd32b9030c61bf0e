#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace aiflow::test {

/// A certificate with its key.
struct certificate {
    std::shared_ptr<X509> x509;
    std::shared_ptr<EVP_PKEY> key;

    std::string pem() const;
    std::string key_pem() const;
};

/// What a certificate is to say.
struct certificate_request {
    std::string common_name = "test";
    std::string alternative_names = {};  ///< "DNS:localhost,IP:127.0.0.1"; none when empty
    long valid_from_s = -3600;           ///< from now
    long valid_to_s = 3600;
    bool is_authority = false;
    int rsa_bits = 0;   ///< 0: an elliptic curve
    bool sha1 = false;  ///< signed with it, which is too weak
};

/// Signed by `issuer`, or by itself when that is null.
certificate make_certificate(const certificate_request& request, const certificate* issuer);

/// A PEM file that goes with the object.
class pem_file {
public:
    explicit pem_file(const certificate& c);
    pem_file(const pem_file&) = delete;
    pem_file& operator=(const pem_file&) = delete;
    ~pem_file();

    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

}  // namespace aiflow::test
