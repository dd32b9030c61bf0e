#include "bench/tls.hpp"

#include "test_certs.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace aiflow::bench {

certificate_files::certificate_files()
    : folder_((std::filesystem::temp_directory_path() / "aiflow-bench-XXXXXX").string())
{
    if (::mkdtemp(folder_.data()) == nullptr)
        throw std::runtime_error("cannot make a temporary folder " + folder_);
    test::certificate_request request;
    request.common_name = "aiflow-bench";
    request.alternative_names = "IP:127.0.0.1,DNS:localhost";
    request.is_authority = true;
    request.valid_to_s = 604'800;  // a week
    const auto made = test::make_certificate(request, nullptr);
    std::ofstream(certificate()) << made.pem();
    std::ofstream(key()) << made.key_pem();
    std::filesystem::permissions(key(), std::filesystem::perms::owner_read);
}

certificate_files::~certificate_files()
{
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

tls_context driver_context(const certificate_files& files)
{
    tls_context context(SSL_CTX_new(TLS_method()), SSL_CTX_free);
    if (context == nullptr ||
        SSL_CTX_use_certificate_file(context.get(), files.certificate().c_str(),
                                     SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_use_PrivateKey_file(context.get(), files.key().c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error("the driver cannot use its certificate");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    // Every connection shakes hands in full: nobody resumes in the middle of a comparison.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context.get(), 0);
    SSL_CTX_set_read_ahead(context.get(), 1);
    return context;
}

}  // namespace aiflow::bench
