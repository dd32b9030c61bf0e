// A web app by https: not one byte of a request before its certificate was checked.
#include "webhook_rig.hpp"

#include "daemon/webhook_pool.hpp"
#include "tls_server.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

std::shared_ptr<const webhook_target> secure(const loopback& net, const pem_file& ca)
{
    daemon_config::webhook_section s;
    s.url = "https://localhost:" + std::to_string(net.port()) + "/hook";
    s.ca_file = ca.path();
    return std::make_shared<const webhook_target>(make_webhook_target(s, secret("t0ken")).value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_tls_suite)

BOOST_AUTO_TEST_CASE(two_requests_on_one_connection)
{
    const auto ca = authority();
    const pem_file file(ca);
    loopback net;
    tls_server server(net, make_certificate(named("DNS:localhost"), &ca));
    webhook_pool pool(net.io.get_executor(), net.time, secure(net, file));
    for (const std::string body : {"one", "two"}) {
        auto posted = net.start(pool.post(body));
        BOOST_REQUIRE(net.until([&] { return server.received.ends_with(body); }));
        server.received.clear();
        server.send(net, http_text("200 OK", "to " + body));
        BOOST_REQUIRE(net.until([&] { return posted.done(); }));
        BOOST_TEST(posted.get().answer.body == "to " + body);
        BOOST_TEST(pool.idle() == 1U);
    }
    BOOST_TEST(server.server_name == "localhost");
}

BOOST_AUTO_TEST_CASE(an_app_that_is_not_who_it_should_be_gets_nothing)
{
    const auto ca = authority();
    const auto other = authority("somebody else");
    struct {
        certificate c;
        const char* why;
    } const cases[] = {
        {make_certificate(named("DNS:example.com"), &ca), "wrong host"},
        {make_certificate(named("DNS:localhost"), &other), "unknown CA"},
        {make_certificate(named("DNS:localhost"), nullptr), "self-signed"},
    };
    for (const auto& c : cases) {
        const pem_file file(ca);
        loopback net;
        tls_server server(net, c.c);
        webhook_pool pool(net.io.get_executor(), net.time, secure(net, file));
        const auto result = net.run(pool.post("{}"));
        BOOST_REQUIRE(net.until([&] { return server.handshake.has_value(); }));
        BOOST_TEST(server.received == "");
        BOOST_TEST(result.failure.find(c.why) != std::string::npos, result.failure);
    }
}

BOOST_AUTO_TEST_SUITE_END()
