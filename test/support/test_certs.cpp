#include "test_certs.hpp"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace aiflow::test {
namespace {

void add_extension(X509* to, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    X509_EXTENSION* e = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (e == nullptr)
        throw std::runtime_error("bad certificate extension");
    X509_add_ext(to, e, -1);
    X509_EXTENSION_free(e);
}

}  // namespace

certificate make_certificate(const certificate_request& request, const certificate* issuer)
{
    static long serial = 1;
    certificate c;
    c.x509.reset(X509_new(), X509_free);
    c.key.reset(request.rsa_bits == 0 ? EVP_EC_gen("P-256")
                                      : EVP_RSA_gen(static_cast<unsigned>(request.rsa_bits)),
                EVP_PKEY_free);
    X509* x = c.x509.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), request.valid_from_s);
    X509_gmtime_adj(X509_getm_notAfter(x), request.valid_to_s);
    X509_set_pubkey(x, c.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(request.common_name.c_str()),
                               -1, -1, 0);
    const certificate& by = issuer != nullptr ? *issuer : c;
    X509_set_issuer_name(x, X509_get_subject_name(by.x509.get()));
    add_extension(x, by.x509.get(), NID_basic_constraints,
                  request.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!request.alternative_names.empty())
        add_extension(x, by.x509.get(), NID_subject_alt_name, request.alternative_names);
    if (X509_sign(x, by.key.get(), request.sha1 ? EVP_sha1() : EVP_sha256()) == 0)
        throw std::runtime_error("cannot sign a certificate");
    return c;
}

std::string certificate::pem() const
{
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(out.get(), x509.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string certificate::key_pem() const
{
    const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

pem_file::pem_file(const certificate& c)
    : path_((std::filesystem::temp_directory_path() / "aiflow-test-XXXXXX").string())
{
    const int fd = mkstemp(path_.data());
    if (fd < 0)
        throw std::runtime_error("cannot make a temporary file");
    close(fd);
    std::ofstream(path_) << c.pem();
}

pem_file::~pem_file()
{
    unlink(path_.c_str());
}

}  // namespace aiflow::test
