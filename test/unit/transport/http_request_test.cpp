#include "transport/http_request_reader.hpp"

#include "transport/http_answer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using progress = http_request_reader::progress;

namespace {

constexpr const char* post = "POST /events?x=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";

stream_limits small_body()
{
    stream_limits l;
    l.message_bytes = 8;
    return l;
}

// The status that refuses `bytes`, or 0.
unsigned refused(const std::string& bytes)
{
    http_request_reader reader{small_body()};
    return reader.feed(bytes) == progress::refused ? reader.refusal().status : 0;
}

std::string with(const std::string& lines, const std::string& behind = "")
{
    return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n" + behind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_requests)

BOOST_AUTO_TEST_CASE(partial_requests)
{
    const stream_limits limits;
    const auto status = [&](const std::string& bytes) {
        return check_partial_request(bytes, limits).status;
    };
    BOOST_TEST(status("GET /") == 0U);
    BOOST_TEST(status("GET / HTTP/1.1\r\nHost: a") == 0U);
    BOOST_TEST(status("GET /\r\n") == 400U);
    BOOST_TEST(status("PRI * HTTP/2.0\r\n") == 400U);
    BOOST_TEST(status("\x16\x03\x01\x02") == 400U);
    BOOST_TEST(status("GET /" + std::string(9000, 'a')) == 414U);
    BOOST_TEST(status("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n") == 414U);
    BOOST_TEST(status("GET / HTTP/1.1\r\nA: " + std::string(17'000, 'a')) == 431U);
}

BOOST_AUTO_TEST_CASE(a_body_in_one_piece_or_in_many)
{
    const std::string text = std::string(post) + "hello";
    for (std::size_t size : {std::size_t{1}, std::size_t{7}, text.size()}) {
        http_request_reader reader{small_body()};
        auto now = progress::more;
        for (std::size_t at = 0; at < text.size(); at += size) {
            BOOST_TEST(
                (now == (at < std::string_view(post).size() ? progress::more : progress::body)));
            BOOST_TEST(!reader.is_complete());
            now = reader.feed(std::string_view(text).substr(at, size));
        }
        BOOST_TEST(reader.is_complete());
        BOOST_TEST((now == progress::complete));
        BOOST_TEST(reader.request().body == "hello");
        BOOST_TEST(reader.request().method == "POST");
        BOOST_TEST(reader.request().path() == "/events");
        BOOST_TEST(reader.request().keep_alive);
        BOOST_TEST(reader.rest().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_chunked_body)
{
    http_request_reader reader{small_body()};
    const auto now = reader.feed(
        with("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\nGET"));
    BOOST_TEST((now == progress::complete));
    BOOST_TEST(reader.request().body == "hello");
    BOOST_TEST(reader.rest() == "GET");
}

BOOST_AUTO_TEST_CASE(a_chunked_body_a_byte_at_a_time)
{
    for (const std::string_view body : {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0\r\nA: b\r\n\r\n"}) {
        const auto text = with("Transfer-Encoding: chunked\r\n", std::string(body));
        http_request_reader reader{small_body()};
        for (const char byte : text.substr(0, text.size() - 1))
            BOOST_TEST((reader.feed({&byte, 1}) < progress::complete));
        BOOST_TEST((reader.feed(text.substr(text.size() - 1)) == progress::complete));
        BOOST_TEST(reader.rest().empty());
    }
}

BOOST_AUTO_TEST_CASE(the_next_request_may_have_come_with_the_one_before)
{
    http_request_reader reader{small_body()};
    BOOST_TEST((reader.feed(std::string(post) + "hello" + post + "hal") == progress::complete));
    BOOST_TEST((reader.next() == progress::body));
    BOOST_TEST((reader.feed("lo") == progress::complete));
    BOOST_TEST(reader.request().body == "hallo");
    BOOST_TEST((reader.next() == progress::more));
}

BOOST_AUTO_TEST_CASE(what_comes_behind_an_upgrade_is_left_alone)
{
    http_request_reader reader{stream_limits{}};
    BOOST_TEST((reader.feed("GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\n\r\n\x81\x85") == progress::complete));
    BOOST_TEST(reader.rest() == "\x81\x85");
    BOOST_TEST(reader.request().lists("connection", "UPGRADE"));
}

BOOST_AUTO_TEST_CASE(bodies_that_are_refused)
{
    BOOST_TEST(refused(with("Content-Length: 9\r\n")) == 413U);
    BOOST_TEST(refused(with("Transfer-Encoding: chunked\r\n", "9\r\n123456789\r\n")) == 413U);
    BOOST_TEST(refused(with("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")) == 400U);
    BOOST_TEST(refused(with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")) == 400U);
    BOOST_TEST(refused(with("Content-Length: 5, 5\r\n", "hello")) == 400U);
    BOOST_TEST(refused(with("Content-Length: -1\r\n")) == 400U);
    BOOST_TEST(refused(with("Transfer-Encoding: gzip\r\n")) == 501U);
    BOOST_TEST(refused(with("Transfer-Encoding: gzip, chunked\r\n")) == 501U);
    BOOST_TEST(refused(with("Transfer-Encoding: chunked\r\n", "x\r\n")) == 400U);
}

BOOST_AUTO_TEST_CASE(what_stands_beside_a_chunked_body_has_a_limit)
{
    const stream_limits limits;
    const std::string much(limits.header_bytes + 1, 'a');
    for (const std::string& beside : {"1;" + much, "0\r\nA: " + much}) {
        http_request_reader reader{limits};
        BOOST_TEST((reader.feed(with("Transfer-Encoding: chunked\r\n")) == progress::body));
        BOOST_TEST((reader.feed(beside.substr(0, 1000)) == progress::body));
        BOOST_TEST((reader.feed(beside.substr(1000)) == progress::refused));
        BOOST_TEST(reader.refusal().status == 413U);
    }
}

BOOST_AUTO_TEST_CASE(headers_that_are_refused)
{
    std::string many;
    for (int i = 0; i < 70; ++i)
        many += "A: b\r\n";
    BOOST_TEST(refused(with(many)) == 431U);
    BOOST_TEST(refused(with("A: b\r\n c\r\n")) == 400U);
    BOOST_TEST(refused(with("A : b\r\n")) == 400U);
    BOOST_TEST(refused(with("Host: b\r\n")) == 400U);
    BOOST_TEST(refused("GET / HTTP/1.1\r\n\r\n") == 400U);
    BOOST_TEST(refused("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n") == 400U);
    BOOST_TEST(refused("GET / HTTP/1.0\r\n\r\n") == 0U);
}

BOOST_AUTO_TEST_CASE(a_peer_that_waits_before_it_sends_its_body)
{
    http_request_reader reader{small_body()};
    (void)reader.feed(with("Expect: 100-continue\r\nContent-Length: 5\r\n"));
    BOOST_TEST(reader.wants_continue());
    BOOST_TEST(!reader.wants_continue());
}

BOOST_AUTO_TEST_CASE(answers_are_whole)
{
    http_answer no;
    no.status = 401;
    no.headers = {{"X-A", "b"}};
    BOOST_TEST(
        to_text(no) ==
        "HTTP/1.1 401 Unauthorized\r\nX-A: b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    no.status = 426;
    BOOST_TEST(to_text(no).find("\r\nSec-WebSocket-Version: 13\r\n") != std::string::npos);
    no.status = 405;
    BOOST_TEST(to_text(no, "POST").find("\r\nAllow: POST\r\n") != std::string::npos);
    http_answer yes;
    yes.body = "{}";
    yes.content_type = "application/json";
    yes.keep_alive = true;
    BOOST_TEST(to_text(yes) == "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Length: 2\r\n\r\n{}");
    http_answer nothing;
    nothing.status = 204;
    nothing.keep_alive = true;
    BOOST_TEST(to_text(nothing) == "HTTP/1.1 204 No Content\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
