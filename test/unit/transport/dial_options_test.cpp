#include "aiflow/websocket.hpp"
#include "transport/dial_options.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

dial_options good()
{
    dial_options o;
    o.url = "wss://flow.example.com/stream";
    o.token = secret("hunter2-token");
    return o;
}

template <class Change>
std::string wrong(Change change)
{
    auto o = good();
    change(o);
    const auto p = validate(o);
    if (!p)
        return {};
    auto text = to_string(*p);
    BOOST_TEST(text.find("hunter2") == std::string::npos, text);
    return text;
}

std::string wrong_url(std::string url)
{
    return wrong([&](auto& o) { o.url = url; });
}

std::string wrong_header(std::string name, std::string value)
{
    return wrong([&](auto& o) { o.headers = {{"Good", "1"}, {name, value}}; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dial_options_suite)

BOOST_AUTO_TEST_CASE(takes_good_ones)
{
    BOOST_TEST(wrong([](auto&) {}) == "");
    for (const auto* url :
         {"wss://a.b", "WSS://a.b:1/", "wss://[::1]:8443/x?y=z", "ws://localhost:80",
          "ws://127.0.0.1:9", "ws://127.8.9.1/", "ws://[::1]/a", "wss://1.2.3.4"})
        BOOST_TEST(wrong_url(url) == "", url);
    BOOST_TEST(wrong_header("X-Extra", "caf\xc3\xa9, 1") == "");
    BOOST_TEST(wrong([](auto& o) {
                   o.url = "ws://10.0.0.1/";
                   o.allow_plain_text = true;
               }) == "");
    BOOST_TEST(wrong([](auto& o) {
                   o.token = {};
                   o.headers = {{"x-api-token", "abc"}};
               }) == "");
}

BOOST_AUTO_TEST_CASE(takes_urls_apart)
{
    struct {
        const char* text;
        bool tls;
        const char* host;
        int port;
        const char* header;
        const char* target;
    } const cases[] = {
        {"wss://flow.example.com", true, "flow.example.com", 443, "flow.example.com", "/"},
        {"wss://flow.example.com:443/a", true, "flow.example.com", 443, "flow.example.com", "/a"},
        {"wss://h:8443/a/b?c=%20d", true, "h", 8443, "h:8443", "/a/b?c=%20d"},
        {"ws://[::1]:81?q", false, "::1", 81, "[::1]:81", "/?q"},
        {"ws://127.0.0.1", false, "127.0.0.1", 80, "127.0.0.1", "/"},
        {"ws://localhost:/", false, "localhost", 80, "localhost", "/"},
    };
    for (const auto& c : cases) {
        const auto u = parse_url(url_kind::websocket, c.text);
        BOOST_REQUIRE_MESSAGE(u, c.text);
        BOOST_TEST(u->tls == c.tls);
        BOOST_TEST(u->host == c.host);
        BOOST_TEST(u->port == c.port);
        BOOST_TEST(u->host_header == c.header);
        BOOST_TEST(u->target == c.target);
    }
}

BOOST_AUTO_TEST_CASE(a_port_is_taken_as_it_is_written_or_not_at_all)
{
    for (const auto* port : {"0", "65536", "99999", "4294967376", "abc", "12x", "-1", "+80"})
        BOOST_TEST(wrong_url("wss://a.b:" + std::string(port) + "/s").find("port") !=
                       std::string::npos,
                   port);
    BOOST_TEST(wrong_url("wss://[::1]:abc/") == "url: has a port that is not in 1 to 65535");
}

BOOST_AUTO_TEST_CASE(urls_of_the_web_are_taken_where_they_are_asked_for)
{
    const auto app = parse_url(url_kind::web, "https://app.example.com/hook?a=b");
    BOOST_REQUIRE(app);
    BOOST_TEST(app->tls);
    BOOST_TEST(app->port == 443);
    BOOST_TEST(app->host_header == "app.example.com");
    BOOST_TEST(app->target == "/hook?a=b");
    const auto here = parse_url(url_kind::web, "http://127.0.0.1:5000");
    BOOST_REQUIRE(here);
    BOOST_TEST(!here->tls);
    BOOST_TEST(here->host_header == "127.0.0.1:5000");
    BOOST_TEST(to_string(parse_url(url_kind::web, "wss://a.b/").error()) ==
               "url: must start with https:// or http://");
    BOOST_TEST(to_string(parse_url(url_kind::web, "a.b").error()) ==
               "url: is not a URL; it has to look like https://host/path");
}

BOOST_AUTO_TEST_CASE(names_what_is_wrong_with_a_url)
{
    BOOST_TEST(wrong_url("") == "url: is not a URL; it has to look like wss://host/path");
    BOOST_TEST(wrong_url("flow.example.com") ==
               "url: is not a URL; it has to look like wss://host/path");
    BOOST_TEST(wrong_url("wss://a b/") == "url: is not a URL; it has to look like wss://host/path");
    BOOST_TEST(wrong_url("https://a.b/") == "url: must start with wss:// or ws://");
    BOOST_TEST(wrong_url("wss://hunter2@a.b/") ==
               "url: must not hold a user or password; give a token instead");
    BOOST_TEST(wrong_url("wss://me:hunter2@a.b/") ==
               "url: must not hold a user or password; give a token instead");
    BOOST_TEST(wrong_url("wss://a.b/#c") == "url: must not have a fragment (#)");
    BOOST_TEST(wrong_url("wss:///x") == "url: has no host");
    BOOST_TEST(wrong_url("wss://a.b:0/") == "url: has a port that is not in 1 to 65535");
    BOOST_TEST(wrong_url("wss://a.b:65536/") == "url: has a port that is not in 1 to 65535");
    BOOST_TEST(wrong_url("wss://%c3%bc.de/") ==
               "url: has a host with characters that a DNS name cannot have");
    BOOST_TEST(wrong_url("wss://a%0d%0ab/") ==
               "url: has a host with characters that a DNS name cannot have");
    const auto plain = "url: ws:// to another machine shows calls and token to everybody on the "
                       "way; use wss://, or set allow_plain_text";
    for (const auto* url : {"ws://example.com/", "ws://10.0.0.1", "ws://localhost.example.com",
                            "ws://[2001:db8::1]/", "ws://0.0.0.0/"})
        BOOST_TEST(wrong_url(url) == plain, url);
}

BOOST_AUTO_TEST_CASE(names_what_is_wrong_with_a_header)
{
    const auto value = "headers[1]: the value of X-Extra must not hold control characters, nor "
                       "start or end with a blank";
    for (const auto* bad : {"hunter2\r\nX-Evil: 1", "hunter2\n", "\x01", "\x7f", " a", "a\t"})
        BOOST_TEST(wrong_header("X-Extra", bad) == value);
    BOOST_TEST(wrong_header("X-Extra", std::string("a\0b", 3)) == value);
    for (const auto* bad : {"", "X Extra", "X:", "X\r\nY", "\xc3\xbc"})
        BOOST_TEST(wrong_header(bad, "1") ==
                   "headers[1]: the name must be letters, digits and hyphens");
    for (const auto* name : {"Host", "connection", "UPGRADE", "Sec-WebSocket-Key",
                             "sec-websocket-protocol", "Content-Length", "Transfer-Encoding"})
        BOOST_TEST(wrong_header(name, "1") ==
                   "headers[1]: " + std::string(name) + " is set by the handshake itself");
    BOOST_TEST(wrong_header("x-api-token", "hunter2") == "headers[1]: X-API-TOKEN is given twice");
    BOOST_TEST(wrong([](auto& o) { o.token = secret("hunter2\nX: y"); }) ==
               "token: must not hold control characters, nor start or end with a blank");
}

BOOST_AUTO_TEST_CASE(names_limits_and_files)
{
    BOOST_TEST(wrong([](auto& o) { o.limits.message_bytes = 0; }) ==
               "limits.message_bytes: must be 1 to 1073741824");
    BOOST_TEST(wrong([](auto& o) { o.limits.message_fragments = 0; }) ==
               "limits.message_fragments: must be 1 or more");
    BOOST_TEST(wrong([](auto& o) { o.limits.header_bytes = 255; }) ==
               "limits.header_bytes: must be 256 to 1048576");
    BOOST_TEST(wrong([](auto& o) { o.timeouts.tls = 0ms; }) ==
               "timeouts.tls: must be more than 0, 1 h at most");
    BOOST_TEST(wrong([](auto& o) { o.timeouts.total = 61min; }) ==
               "timeouts.total: must be more than 0, 1 h at most");
    BOOST_TEST(wrong([](auto& o) { o.ca_file = "/nonexistent/ca.pem"; }) ==
               "ca_file: cannot be read as PEM certificates");
    BOOST_TEST(wrong([](auto& o) { o.ca_file = "/dev/null"; }) ==
               "ca_file: cannot be read as PEM certificates");
}

BOOST_AUTO_TEST_CASE(a_failure_reads_well)
{
    connect_failure f;
    f.stage = connect_stage::upgrade;
    f.error = make_error_code(errc::upgrade_refused);
    f.http_status = 503;
    f.detail = "Service Unavailable";
    f.retry_after = 7s;
    BOOST_TEST(to_string(f) ==
               "upgrade: HTTP 503 (Service Unavailable), to be tried again after 7 s");
    const dial_result r = f;
    BOOST_CHECK_THROW(r.value(), failure);
    f = {};
    f.stage = connect_stage::tls;
    f.error = make_error_code(errc::tls_timeout);
    f.detail = f.error.message();
    BOOST_TEST(to_string(f) == "tls: " + f.error.message());
}

BOOST_AUTO_TEST_SUITE_END()
