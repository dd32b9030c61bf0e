#include "transport/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstdio>
#include <new>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace aiflow {
namespace {

// Not left to the distribution's openssl.cnf (reliability.md S3).
ssl_context strict_context(const SSL_METHOD* method)
{
    ssl_context context(SSL_CTX_new(method));
    if (!context)
        throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_security_level(context.get(), 2);
    // Of TLS 1.2: whoever gets the private key later must not be able to read what was recorded.
    SSL_CTX_set_cipher_list(context.get(), "DEFAULT:!kRSA:!PSK:!SHA1");
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
    // OpenSSL would ask whoever is at the terminal, and everything would wait for the answer.
    SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return 0; });
    return context;
}

problem bad_file(const char* field, const std::string& file, const std::string& what)
{
    return {make_error_code(errc::invalid_value), field, file + " " + what};
}

// OpenSSL says of a file that is not there only that it could not read it.
std::optional<problem> check_readable(const char* field, const std::string& file)
{
    if (file.empty())
        return problem{make_error_code(errc::invalid_value), field,
                       "is missing; a certificate needs its key, and a key its certificate"};
    if (std::FILE* opened = std::fopen(file.c_str(), "rb")) {
        std::fclose(opened);
        return std::nullopt;
    }
    return bad_file(field, file, "cannot be read: " + std::generic_category().message(errno));
}

// Its group may: Debian keeps keys for the group ssl-cert.
std::optional<problem> check_private(const std::string& key_file)
{
    struct stat s = {};
    if (::stat(key_file.c_str(), &s) != 0 || (s.st_mode & (S_IROTH | S_IWOTH)) == 0)
        return std::nullopt;
    return bad_file("key_file", key_file,
                    "is open to everybody on this machine; run `chmod o= " + key_file +
                        "`, and think of a new key");
}

}  // namespace

void ssl_context_deleter::operator()(SSL_CTX* context) const noexcept
{
    SSL_CTX_free(context);
}

checked<ssl_context> client_context(const std::string& ca_file)
{
    auto context = strict_context(TLS_client_method());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    const int loaded = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                                       : SSL_CTX_load_verify_file(context.get(), ca_file.c_str());
    ERR_clear_error();
    if (loaded != 1)
        return problem{make_error_code(errc::invalid_value), "ca_file",
                       "cannot be read as PEM certificates"};
    return context;
}

checked<ssl_context> server_context(const std::string& certificate_file,
                                    const std::string& key_file)
{
    if (auto wrong = check_readable("certificate_file", certificate_file))
        return std::move(*wrong);
    if (auto wrong = check_readable("key_file", key_file))
        return std::move(*wrong);
    if (auto wrong = check_private(key_file))
        return std::move(*wrong);
    auto context = strict_context(TLS_server_method());
    const int chain = SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str());
    const int key =
        chain == 1 ? SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM)
                   : 0;
    const auto reason = ERR_GET_REASON(ERR_peek_last_error());
    ERR_clear_error();
    if (chain != 1 && (reason == SSL_R_EE_KEY_TOO_SMALL || reason == SSL_R_CA_KEY_TOO_SMALL ||
                       reason == SSL_R_CA_MD_TOO_WEAK))
        return bad_file("certificate_file", certificate_file,
                        "is too weak; use RSA of 2048 bits or more, or an elliptic curve, signed "
                        "with SHA-256");
    if (chain != 1)
        return bad_file("certificate_file", certificate_file,
                        "holds no PEM certificate; the server's own has to come first");
    if (key != 1 && reason == X509_R_KEY_VALUES_MISMATCH)
        return bad_file("key_file", key_file, "is not the key of " + certificate_file);
    if (key != 1)
        return bad_file("key_file", key_file, "holds no PEM private key without a password");
    return context;
}

}  // namespace aiflow
