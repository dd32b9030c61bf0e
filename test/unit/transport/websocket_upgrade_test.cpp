#include "transport/websocket_upgrade.hpp"

#include "transport/handshake_key.hpp"
#include "transport/websocket_header.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

constexpr const char* key = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455 1.3
constexpr const char* digest = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

const clock::wall_time now = std::chrono::sys_days(std::chrono::year(2024) / 2 / 29) + 12h;

std::string answer_with(const std::string& more, const std::string& accept = digest)
{
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           accept + "\r\n" + more + "\r\n";
}

std::string check(const std::string& header)
{
    const auto f = check_answer(header, key, now);
    return f ? to_string(*f) : "accepted";
}

std::optional<std::chrono::seconds> wait(const std::string& value)
{
    return parse_retry_after(value, now);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(websocket_upgrade_suite)

BOOST_AUTO_TEST_CASE(digest_of_the_key)
{
    BOOST_TEST(accept_for(key) == digest);
    BOOST_TEST(is_handshake_key(key));
    for (const auto* bad :
         {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ= ", "dGhlIHNhbXBsZSBub25jZQA=",
          "dGhlIHNhbXBsZSBub25jZ!==", " GhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==AAAA"})
        BOOST_TEST(!is_handshake_key(bad), bad);
}

BOOST_AUTO_TEST_CASE(answers_that_accept)
{
    BOOST_TEST(check(answer_with("")) == "accepted");
    BOOST_TEST(check(answer_with("Server: x\r\nDate: y\r\n")) == "accepted");
    BOOST_TEST(check("HTTP/1.1 101 \r\nupgrade: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n"
                     "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n") == "accepted");
}

BOOST_AUTO_TEST_CASE(answers_that_break_the_rules)
{
    const auto starts = [](const std::string& header, const std::string& detail) {
        BOOST_TEST(check(header) ==
                   "upgrade: the answer to the WebSocket upgrade is invalid (" + detail + ")");
    };
    starts(answer_with("Sec-WebSocket-Extensions: permessage-deflate\r\n"),
           "the server uses an extension that was not offered");
    starts(answer_with("Sec-WebSocket-Protocol: chat\r\n"),
           "the server uses a subprotocol that was not offered");
    starts(answer_with("", "c3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
           "Sec-WebSocket-Accept does not fit to our key");
    starts(answer_with("Sec-WebSocket-Accept: " + std::string(digest) + "\r\n"),
           "Sec-WebSocket-Accept does not fit to our key");
    starts("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
           "the answer has no \"Upgrade: websocket\"");
    starts("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n",
           "the answer has no \"Connection: upgrade\"");
    starts("HTTP/1.0 101 X\r\n\r\n", "the answer is not HTTP/1.1");
    starts("HTTP/1.1 101 X\r\nbroken\r\n\r\n", "the answer is not HTTP");
    starts("SSH-2.0-x\r\n\r\n", "the answer is not HTTP");
}

BOOST_AUTO_TEST_CASE(answers_that_refuse)
{
    BOOST_TEST(check("HTTP/1.1 401 Unauthorized\r\nContent-Length: 1000\r\n\r\n") ==
               "upgrade: HTTP 401 (Unauthorized)");
    BOOST_TEST(check("HTTP/1.1 302 Found\r\nLocation: wss://evil.example/\r\n\r\n") ==
               "upgrade: HTTP 302 (redirects are not followed)");
    BOOST_TEST(check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") ==
               "upgrade: HTTP 200 (OK)");
    BOOST_TEST(check("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n") ==
               "upgrade: HTTP 503 (Busy), to be tried again after 7 s");
    BOOST_TEST(check("HTTP/1.1 429 Slow\r\nRetry-After: soon\r\n\r\n") ==
               "upgrade: HTTP 429 (Slow)");
    BOOST_TEST(check("HTTP/1.1 500 Oops\r\nRetry-After: 7\r\n\r\n") == "upgrade: HTTP 500 (Oops)");
    BOOST_TEST(check("HTTP/1.1 403 \xe2\x80\xae\r\n\r\n") == "upgrade: HTTP 403 (\\xe2\\x80\\xae)");
}

BOOST_AUTO_TEST_CASE(retry_after)
{
    BOOST_TEST((wait("7") == 7s));
    BOOST_TEST((wait("0") == 1s));
    BOOST_TEST((wait("300") == 300s));
    BOOST_TEST((wait("1000000000") == 300s));
    BOOST_TEST((wait("99999999999999999999") == 300s));
    BOOST_TEST((wait("Thu, 29 Feb 2024 12:00:30 GMT") == 30s));
    BOOST_TEST((wait("Thu, 29 Feb 2024 11:00:00 GMT") == 1s));
    BOOST_TEST((wait("Fri, 01 Mar 2024 12:00:00 GMT") == 300s));
    BOOST_TEST((wait("Sun, 06 Nov 4052 08:49:37 GMT") == 300s));
    BOOST_TEST((wait("Sun, 01 Jan 0000 00:00:00 GMT") == 1s));
    for (const auto* bad : {"", "-1", "+1", "1.5", "7 s", "soon", "Thu, 30 Feb 2024 12:00:30 GMT",
                            "Thu, 29 Feb 2024 25:00:30 GMT", "Thu, 29 Foo 2024 12:00:30 GMT",
                            "Thu, 29 Feb 2024 12:00:30 CET", "Thu, 29 Feb -024 12:00:30 GMT"})
        BOOST_TEST(!wait(bad), bad);
}

BOOST_AUTO_TEST_CASE(what_can_still_become_an_answer)
{
    BOOST_TEST(may_be_answer(""));
    BOOST_TEST(may_be_answer("HTT"));
    BOOST_TEST(may_be_answer("HTTP/1.1 101"));
    BOOST_TEST(!may_be_answer("\x15\x03\x01"));
    BOOST_TEST(!may_be_answer("HTTP/2"));
}

BOOST_AUTO_TEST_SUITE_END()
