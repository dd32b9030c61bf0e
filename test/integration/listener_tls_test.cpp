// The listener with TLS of its own.
#include "listener_rig.hpp"
#include "test_certs.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

// A certificate for this machine, and files that can be replaced by those of another one.
struct files {
    files()
        : authority(make_certificate({.common_name = "ca", .is_authority = true}, nullptr)),
          ca(authority)
    {
        renew();
    }
    ~files()
    {
        std::error_code ignored;
        std::filesystem::remove(certificate, ignored);
        std::filesystem::remove(key, ignored);
    }

    void renew()
    {
        const auto c = make_certificate(
            {.common_name = "bot", .alternative_names = "DNS:localhost,IP:127.0.0.1"}, &authority);
        write(certificate, c.pem());
        write(key, c.key_pem());
    }

    static void write(const std::string& file, const std::string& text)
    {
        std::ofstream(file, std::ios::trunc) << text;
    }

    listener_options options() const
    {
        listener_options o;
        o.certificate_file = certificate;
        o.key_file = key;
        return o;
    }

    test::certificate authority;
    pem_file ca;
    std::string certificate = ca.path() + ".bot";
    std::string key = ca.path() + ".key";
};

std::string complaint(const listener_options& o)
{
    const auto wrong = validate(o);
    return wrong ? to_string(*wrong) : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listening_with_tls)

BOOST_AUTO_TEST_CASE(a_call)
{
    files f;
    listener_rig r(f.options());
    auto call = r.dial_in("s3cret", {}, f.ca.path()).value();
    r.send(*call, start("a"));
    BOOST_TEST(r.next(*call).find("after start") != std::string::npos);
    BOOST_TEST((r.dial_in("s3cret").error().error == errc::certificate_rejected));
    BOOST_TEST(r.dial_in("wrong", {}, f.ca.path()).error().http_status == 401U);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_renewed_and_one_that_is_broken)
{
    files f;
    listener_rig r(f.options());
    auto old = r.dial_in("s3cret", {}, f.ca.path()).value();
    f.renew();
    BOOST_TEST(!r.service->reload_certificate().has_error());
    BOOST_TEST(r.dial_in("s3cret", {}, f.ca.path()).has_value());

    files::write(f.key, "broken");
    const auto reloaded = r.service->reload_certificate();
    BOOST_REQUIRE(reloaded.has_error());
    BOOST_TEST(to_string(reloaded.error()) ==
               "key_file: " + f.key + " holds no PEM private key without a password");
    BOOST_TEST(r.logged("listener.certificate") == 2U);
    BOOST_TEST(r.dial_in("s3cret", {}, f.ca.path()).has_value());
    r.send(*old, start("a"));
    BOOST_TEST(r.next(*old).find("after start") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_used_are_named)
{
    files f;
    files other;
    auto o = f.options();
    o.key_file = other.key;
    BOOST_TEST(complaint(o) == "key_file: " + other.key + " is not the key of " + f.certificate);
    o.certificate_file = f.key;
    BOOST_TEST(complaint(o) == "certificate_file: " + f.key +
                                   " holds no PEM certificate; the server's own has to come first");
    o = f.options();
    std::filesystem::permissions(f.key, std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    BOOST_TEST(complaint(o) == "key_file: " + f.key +
                                   " is open to everybody on this machine; run `chmod o= " + f.key +
                                   "`, and think of a new key");
    std::filesystem::permissions(f.key, std::filesystem::perms::owner_read |
                                            std::filesystem::perms::group_read);
    BOOST_TEST(complaint(o) == "");
    const pem_file weak(make_certificate({.rsa_bits = 1024}, nullptr));
    o.certificate_file = o.key_file = weak.path();
    BOOST_TEST(complaint(o).find("is too weak") != std::string::npos);
    BOOST_CHECK_THROW((listener(asio::any_io_executor(), o)), failure);
}

BOOST_AUTO_TEST_CASE(many_that_stop_in_the_handshake)
{
    files f;
    auto o = f.options();
    o.max_strangers = 8;
    listener_rig r(o);
    std::vector<raw_peer> stuck;
    for (std::size_t i = 0; i < 50; ++i) {
        stuck.push_back(r.knock());
        stuck.back().send("\x16\x03\x01");
        BOOST_TEST(r.until([&] { return r.service->status().accepted == i + 1; }));
    }
    BOOST_TEST(r.until([&] { return r.service->status().open <= 8; }));
    BOOST_TEST(r.dial_in("s3cret", {}, f.ca.path()).has_value());
    r.pass(10s);
    BOOST_TEST(r.until([&] { return r.service->status().strangers == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
