// TLS between memory and memory, against OpenSSL with its doors open.
#include "test_certs.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_engine.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <functional>
#include <memory>
#include <string>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using tuning = std::function<void(SSL_CTX*)>;

/// The other side: takes what no one should take any more, unless told otherwise.
class lax_peer {
public:
    lax_peer(const SSL_METHOD* method, const tuning& tune, const certificate* own = nullptr)
        : context_(SSL_CTX_new(method))
    {
        SSL_CTX_set_security_level(context_.get(), 0);
        SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
        SSL_CTX_clear_options(context_.get(), SSL_OP_NO_RENEGOTIATION);
        if (own != nullptr) {
            SSL_CTX_use_certificate(context_.get(), own->x509.get());
            SSL_CTX_use_PrivateKey(context_.get(), own->key.get());
        }
        if (tune)
            tune(context_.get());
        ssl.reset(SSL_new(context_.get()));
        in_ = BIO_new(BIO_s_mem());
        out_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl.get(), in_, out_);
        own != nullptr ? SSL_set_accept_state(ssl.get()) : SSL_set_connect_state(ssl.get());
    }

    void feed(std::string& from)
    {
        BIO_write(in_, from.data(), static_cast<int>(from.size()));
        from.clear();
    }

    std::string take()
    {
        std::string bytes(static_cast<std::size_t>(BIO_pending(out_)), '\0');
        if (!bytes.empty())
            BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
        return bytes;
    }

    bool handshake() { return SSL_do_handshake(ssl.get()) == 1; }

private:
    ssl_context context_;

public:
    std::unique_ptr<SSL, ssl_deleter> ssl;

private:
    BIO* in_;
    BIO* out_;
};

/// Lets both talk until one is done with the other. True when both have shaken hands.
bool meet(tls_engine& ours, lax_peer& theirs)
{
    auto progress = tls_engine::progress::wants_input;
    bool met = false;
    for (int i = 0; i < 10 && progress != tls_engine::progress::failed; ++i) {
        met = theirs.handshake();
        ours.feed(theirs.take());
        if (progress == tls_engine::progress::wants_input)
            progress = ours.handshake();
        theirs.feed(ours.output());
    }
    ERR_clear_error();
    return met && progress == tls_engine::progress::done;
}

struct trusted {
    explicit trusted(const certificate_request& leaf_request = names())
        : authority(make_certificate({.common_name = "authority", .is_authority = true}, nullptr)),
          leaf(make_certificate(leaf_request, &authority)), ca(authority)
    {
    }

    static certificate_request names()
    {
        certificate_request r;
        r.alternative_names = "DNS:*.example.com,DNS:localhost";
        return r;
    }
    static certificate_request sha1()
    {
        auto r = names();
        r.sha1 = true;
        return r;
    }
    static certificate_request rsa()
    {
        auto r = names();
        r.rsa_bits = 2048;
        return r;
    }

    certificate authority;
    certificate leaf;
    pem_file ca;
};

/// What our client says to a server with that certificate; "" when it is content.
std::string client_says(const trusted& t, const std::string& host, const tuning& tune = {})
{
    const auto context = client_context(t.ca.path()).value();
    tls_engine ours(context.get(), host);
    lax_peer server(TLS_server_method(), tune, &t.leaf);
    return meet(ours, server) ? "" : ours.detail();
}

/// Our server: the files are its certificate and key.
struct our_server {
    explicit our_server(const certificate_request& request = trusted::names()) : t(request)
    {
        BIO* out = BIO_new_file(key.c_str(), "w");
        const auto text = t.leaf.key_pem();
        BIO_write(out, text.data(), static_cast<int>(text.size()));
        BIO_free(out);
        context = server_context(file.path(), key).value();
    }
    ~our_server() { std::remove(key.c_str()); }

    bool takes(const tuning& tune)
    {
        tls_engine ours(context.get());
        lax_peer client(TLS_client_method(), tune);
        return meet(ours, client);
    }

    trusted t;
    pem_file file{t.leaf};
    std::string key = file.path() + ".key";
    ssl_context context;
};

tuning only(int version)
{
    return [version](SSL_CTX* c) {
        SSL_CTX_set_min_proto_version(c, version);
        SSL_CTX_set_max_proto_version(c, version);
        SSL_CTX_set_cipher_list(c, "ALL:@SECLEVEL=0");
    };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls_engines)

BOOST_AUTO_TEST_CASE(F24_a_wildcard_stands_for_one_label)
{
    const trusted t;
    BOOST_TEST(client_says(t, "a.example.com") == "");
    for (const auto* host : {"a.b.example.com", "example.com", "aexample.com"})
        BOOST_TEST(client_says(t, host).starts_with("wrong host ("), host);
}

BOOST_AUTO_TEST_CASE(F25_a_certificate_signed_with_sha1_is_refused_by_both_sides)
{
    const trusted weak(trusted::sha1());
    BOOST_TEST(client_says(weak, "localhost").find("too weak") != std::string::npos);
    const pem_file file(weak.leaf);
    const auto loaded = server_context(file.path(), file.path());
    BOOST_REQUIRE(loaded.has_error());
    BOOST_TEST(to_string(loaded.error()).find("is too weak") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(F25_old_versions_are_refused_by_both_sides)
{
    const trusted t;
    our_server server;
    for (const int old : {TLS1_VERSION, TLS1_1_VERSION}) {
        BOOST_TEST(client_says(t, "localhost", only(old)) != "");
        BOOST_TEST(!server.takes(only(old)));
    }
    for (const int current : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        BOOST_TEST(client_says(t, "localhost", only(current)) == "");
        BOOST_TEST(server.takes(only(current)));
    }
}

BOOST_AUTO_TEST_CASE(F25_weak_ciphers_are_refused)
{
    our_server server(trusted::rsa());
    const auto takes = [&](const std::string& ciphers) {
        return server.takes([&](SSL_CTX* c) {
            SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
            BOOST_REQUIRE(SSL_CTX_set_cipher_list(c, ciphers.c_str()) == 1);
        });
    };
    // Nobody to be sure of; nothing secret; secret until the key is lost; an old digest.
    for (const auto* weak : {"aNULL", "eNULL", "kRSA", "SHA1"})
        BOOST_TEST(!takes(std::string(weak) + ":@SECLEVEL=0"), weak);
    for (const auto* good :
         {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES256-SHA384"})
        BOOST_TEST(takes(good), good);
}

BOOST_AUTO_TEST_CASE(S3_the_rules_are_set_by_the_program)
{
    our_server server;
    const trusted t;
    const auto client = client_context(t.ca.path()).value();
    for (SSL_CTX* context : {client.get(), server.context.get()}) {
        BOOST_TEST(SSL_CTX_get_security_level(context) == 2);
        BOOST_TEST(SSL_CTX_get_min_proto_version(context) == TLS1_2_VERSION);
        BOOST_TEST((SSL_CTX_get_options(context) & SSL_OP_NO_COMPRESSION) != 0U);
        BOOST_TEST((SSL_CTX_get_options(context) & SSL_OP_NO_RENEGOTIATION) != 0U);
    }
    BOOST_TEST(SSL_CTX_get_verify_mode(client.get()) == SSL_VERIFY_PEER);
}

BOOST_AUTO_TEST_CASE(S3_a_renegotiation_is_refused)
{
    our_server server;
    tls_engine ours(server.context.get());
    lax_peer client(TLS_client_method(), only(TLS1_2_VERSION));
    BOOST_REQUIRE(meet(ours, client));

    SSL_renegotiate(client.ssl.get());
    client.handshake();
    std::string plain;
    const auto error = ours.decrypt(client.take(), plain);
    client.feed(ours.output());
    client.handshake();
    const auto why = ERR_GET_REASON(ERR_peek_last_error());
    ERR_clear_error();
    BOOST_TEST((error.failed() || why == SSL_R_NO_RENEGOTIATION));
    BOOST_TEST(plain == "");
}

BOOST_AUTO_TEST_SUITE_END()
