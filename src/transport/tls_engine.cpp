#include "transport/tls_engine.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <new>

namespace aiflow {

namespace asio = boost::asio;

namespace {

// The size of a record, so that OpenSSL's buffers do not grow with the batch.
constexpr std::size_t record_piece = std::size_t{16} * 1024;

// A record at a time. Room at the end of a string would be filled with zeros for each, which costs
// more than to copy what came, and drives everything else out of the cache.
std::array<char, record_piece>& record_buffer()
{
    static thread_local std::array<char, record_piece> buffer;
    return buffer;
}

error_code openssl_error(unsigned long code)
{
    return {static_cast<int>(code), asio::error::get_ssl_category()};
}

// The class of a certificate problem; what OpenSSL calls it follows.
const char* certificate_class(long verify_result)
{
    switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "not yet valid";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "self-signed";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "wrong host";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "unknown CA";
    default:
        return "not valid";
    }
}

bool is_ip_address(const std::string& host)
{
    error_code ec;
    asio::ip::make_address(host, ec);
    return !ec;
}

}  // namespace

void ssl_deleter::operator()(SSL* session) const noexcept
{
    SSL_free(session);
}

tls_engine::tls_engine(SSL_CTX* context)
    : ssl_(SSL_new(context)), in_(BIO_new(BIO_s_mem())), out_(BIO_new(BIO_s_mem()))
{
    if (!ssl_ || !in_ || !out_)
        throw std::bad_alloc();
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_accept_state(ssl_.get());
}

tls_engine::tls_engine(SSL_CTX* context, const std::string& host) : tls_engine(context)
{
    SSL_set_connect_state(ssl_.get());
    if (is_ip_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str());
    } else {
        SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                          X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        SSL_set1_host(ssl_.get(), host.c_str());
        SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
    }
}

void tls_engine::feed(std::string_view cipher)
{
    BIO_write(in_, cipher.data(), static_cast<int>(cipher.size()));
}

tls_engine::progress tls_engine::handshake()
{
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    const int why = SSL_get_error(ssl_.get(), result);
    if (result != 1 && why != SSL_ERROR_WANT_READ)
        note_failure();
    collect_output();
    if (result == 1)
        return progress::done;
    return why == SSL_ERROR_WANT_READ ? progress::wants_input : progress::failed;
}

void tls_engine::note_failure()
{
    const unsigned long code = ERR_get_error();
    const long verified = SSL_get_verify_result(ssl_.get());
    if (verified != X509_V_OK) {
        error_ = make_error_code(errc::certificate_rejected);
        detail_ = certificate_class(verified);
        detail_ += " (";
        detail_ += X509_verify_cert_error_string(verified);
        detail_ += ")";
        return;
    }
    error_ = code != 0 ? openssl_error(code) : error_code(asio::error::eof);
    detail_ = error_.message();
}

error_code tls_engine::decrypt(std::string_view cipher, std::string& plain)
{
    error_code ec;
    do {
        const auto part = cipher.substr(0, record_piece);
        cipher.remove_prefix(part.size());
        feed(part);
        ec = decrypt_fed(plain);
    } while (!cipher.empty() && !ec);
    // Also a read can have something to say, for instance to a change of keys.
    collect_output();
    return ec;
}

error_code tls_engine::decrypt_fed(std::string& plain)
{
    ERR_clear_error();
    auto& piece = record_buffer();
    // What is left in the BIO may be part of a record, or one that holds nothing for us.
    while (BIO_pending(in_) > 0 || SSL_pending(ssl_.get()) > 0) {
        std::size_t n = 0;
        const int done = SSL_read_ex(ssl_.get(), piece.data(), piece.size(), &n);
        if (done == 1) {
            plain.append(piece.data(), n);
            continue;
        }
        switch (SSL_get_error(ssl_.get(), done)) {
        case SSL_ERROR_WANT_READ:
            return {};
        case SSL_ERROR_ZERO_RETURN:
            return asio::error::eof;
        default:
            return openssl_error(ERR_get_error());
        }
    }
    const bool over = (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    return over ? error_code(asio::error::eof) : error_code();
}

error_code tls_engine::encrypt(std::string_view plain)
{
    ERR_clear_error();
    while (!plain.empty()) {
        std::size_t n = 0;
        if (SSL_write_ex(ssl_.get(), plain.data(), std::min(plain.size(), record_piece), &n) != 1)
            return openssl_error(ERR_get_error());
        plain.remove_prefix(n);
        collect_output();
    }
    return {};
}

void tls_engine::end()
{
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    collect_output();
}

void tls_engine::collect_output()
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(out_, &data);
    if (size > 0) {
        output_.append(data, static_cast<std::size_t>(size));
        (void)BIO_reset(out_);
    }
}

}  // namespace aiflow
