// What a peer can do before its WebSocket is open.
#include "hostile_peers.hpp"
#include "listener_rig.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace aiflow::test::hostile {

namespace {

using namespace std::string_literals;

// A function, since the tables are made before anything else.
std::string upgrade(std::string_view headers)
{
    return upgrade_to("/ws", "X-API-TOKEN: s3cret\r\n" + std::string(headers));
}

// By our listener.
verdict refused(unsigned status)
{
    verdict v;
    v.http_status = status;
    return v;
}

// By our listener, without a word.
verdict dropped(clock::duration at, std::string_view log)
{
    auto v = ended(errc::upgrade_timeout, at);
    v.log = log;
    return v;
}

std::string head_of_post(std::string_view headers)
{
    return "POST /events HTTP/1.1\r\nHost: a\r\nX-API-TOKEN: s3cret\r\n" + std::string(headers) +
           "\r\n";
}

// By the server that our client has dialled.
verdict refuses(unsigned status, retry again)
{
    verdict v;
    v.ends = errc::upgrade_refused;
    v.http_status = status;
    v.again = again;
    return v;
}

verdict breaks_rules(unsigned status, std::string_view log)
{
    auto v = refuses(status, slowly);
    v.ends = errc::upgrade_invalid;
    v.log = log;
    return v;
}

asio::ip::tcp::acceptor& other_origin()
{
    static asio::io_context io;
    static asio::ip::tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
    return acceptor;
}

verdict no_tls()
{
    verdict v;
    v.tls_fails = true;
    v.again = slowly;
    return v;
}

}  // namespace

std::string elsewhere()
{
    return "ws://127.0.0.1:" + std::to_string(other_origin().local_endpoint().port()) + "/stolen";
}

bool somebody_came_elsewhere()
{
    error_code ec;
    other_origin().non_blocking(true);
    const auto guest = other_origin().accept(ec);
    return !ec;
}

std::vector<knocking_peer> knocking_peers()
{
    const auto says = [](std::string bytes) { return peer_script().says(std::move(bytes)); };
    const auto late = "sent no whole HTTP request in time";
    const auto left = "left without a whole HTTP request";
    const std::string hello("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 11);

    return {
        {"mute", peer_script(), dropped(10s, late)},
        {"F33_two_hundred_with_a_byte_a_second", peer_script().says_slowly("GET /ws H"),
         dropped(10s, late), false, 200},
        {"F33_a_byte_a_second_of_a_body",
         says(head_of_post("Content-Length: 1000\r\n")).says_slowly("{\"type\":"),
         dropped(10s, late)},
        {"waits_to_be_told_to_go_on_and_does_not",
         says(head_of_post("Content-Length: 1000\r\nExpect: 100-continue\r\n"))
             .hears("HTTP/1.1 100 Continue\r\n\r\n")
             .forgets(),
         dropped(10s, late)},
        {"asks_too_late", peer_script().waits(10s).says(upgrade("")), dropped(10s, late)},
        {"F05_half_closes_in_its_request", says("GET /ws HTTP/1.1\r\n").half_closes(),
         dropped(0s, left)},
        {"F37_fifty_that_reset_at_once", peer_script().resets(), dropped(0s, "listener.refused"),
         false, 50},
        {"F37_fifty_that_close_at_once", peer_script().closes(), dropped(0s, left), false, 50},
        {"garbage", says("\xde\xad\xbe\xef"s + std::string(64, '\0')), refused(400)},
        {"NUL_bytes", says(std::string(1000, '\0')), refused(400)},
        {"S12_NUL_in_a_header", says(upgrade("X: a\0b\r\n"s)), refused(400)},
        {"F26_TLS_on_the_plain_port", says(hello),
         saying(refused(400), "TLS on a port without TLS")},
        {"F26_plain_HTTP_on_the_TLS_port", says(upgrade("")), dropped(0s, "tls: http request"),
         true},
        {"F26_mute_on_the_TLS_port", peer_script(), dropped(10s, "listener.refused: tls"), true},
        {"F26_a_byte_of_TLS_a_second", peer_script().says_slowly(hello.substr(0, 9)),
         dropped(10s, "listener.refused: tls"), true},
        {"F35_a_page_in_a_browser", says(upgrade("Origin: https://example.com\r\n")), refused(403)},
        {"F35_a_page_without_an_origin", says(upgrade("Origin: null\r\n")), refused(403)},
        {"F36_one_upgrade_behind_another", says(upgrade("") + upgrade("")),
         cut_off(errc::protocol_violation, 1002)},
        {"F36_HTTP_1_0",
         says("GET /ws HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\n"
              "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nX-API-TOKEN: s3cret\r\n\r\n"),
         refused(400)},
        {"S12_2_GiB_of_body", says(head_of_post("Content-Length: 2147483648\r\n")), refused(413)},
        {"S12_2_to_the_64_bytes_of_body",
         says(head_of_post("Content-Length: 18446744073709551616\r\n")), refused(400)},
        {"S12_a_chunk_of_2_to_the_63_minus_1",
         says(head_of_post("Transfer-Encoding: chunked\r\n") + "7fffffffffffffff\r\nx"),
         refused(413)},
        {"S12_a_chunk_of_2_to_the_64",
         says(head_of_post("Transfer-Encoding: chunked\r\n") + "10000000000000000\r\nx"),
         refused(400)},
        {"S11_a_header_without_an_end", says("GET /ws HTTP/1.1\r\nX: " + std::string(20'000, 'x')),
         refused(431)},
    };
}

// These two apart from the table, since GCC 12 breaks down over them there.
static answering_peer redirecting(unsigned status)
{
    answering_peer p;
    p.name = "S5_redirects_with_" + std::to_string(status);
    p.does.says("HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + elsewhere() +
                "\r\nContent-Length: 0\r\n\r\n");
    p.must = saying(refuses(status, slowly), "redirects are not followed");
    return p;
}

static answering_peer told_to_wait(const std::string& when, retry again)
{
    answering_peer p;
    p.name = "F14_429_with_Retry_After_" + when;
    p.does.says("HTTP/1.1 429 Too Many Requests\r\nRetry-After: " + when + "\r\n\r\n");
    p.must = refuses(429, again);
    return p;
}

std::vector<answering_peer> answering_peers()
{
    const auto says = [](std::string bytes) { return peer_script().says(std::move(bytes)); };
    // An answer that only lacks the right digest, which nobody can know beforehand.
    const auto switching = [](std::string_view headers, std::string_view version = "1.1") {
        return "HTTP/" + std::string(version) +
               " 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
               std::string(headers) + "\r\n";
    };
    const auto alert = "\x15\x03\x01\0\x02\x02\x46"s;

    std::vector<answering_peer> all{
        {"mute", peer_script(), ended(errc::upgrade_timeout, 10s)},
        {"F26_a_byte_of_the_answer_a_second", peer_script().says_slowly("HTTP/1.1 "),
         ended(errc::upgrade_timeout, 10s)},
        {"answers_too_late", peer_script().waits(10s).says(switching("")),
         ended(errc::upgrade_timeout, 10s)},
        {"F02_twenty_resets_in_a_row", peer_script().resets(),
         ended(asio::error::connection_reset, 0s), false, 20},
        {"F05_half_closes_before_it_answers", peer_script().half_closes(),
         ended(errc::connection_lost, 0s)},
        {"F05_half_closes_in_its_answer", says("HTTP/1.1 101 Swit").half_closes(),
         ended(errc::connection_lost, 0s)},
        {"garbage", says("\xde\xad\xbe\xef"), breaks_rules(0, "the answer is not HTTP")},
        {"NUL_bytes", says(std::string(100, '\0')), breaks_rules(0, "the answer is not HTTP")},
        {"NUL_in_a_header", says(switching("X: a\0b\r\n"s)), breaks_rules(0, "upgrade")},
        {"another_protocol", says("220 smtp.example.com ESMTP\r\n"), breaks_rules(0, "upgrade")},
        {"F26_TLS_where_plain_text_was_asked_for", says(alert), breaks_rules(0, "upgrade")},
        {"S18_a_digest_of_another_key",
         says(switching("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")),
         breaks_rules(101, "Sec-WebSocket-Accept does not fit")},
        {"S18_two_digests", peer_script().accepts("Sec-WebSocket-Accept: x\r\n", ""),
         breaks_rules(101, "Sec-WebSocket-Accept does not fit")},
        {"S18_an_extension_nobody_offered",
         peer_script().accepts("Sec-WebSocket-Extensions: permessage-deflate\r\n", ""),
         breaks_rules(101, "an extension that was not offered")},
        {"S18_a_subprotocol_nobody_offered",
         peer_script().accepts("Sec-WebSocket-Protocol: chat\r\n", ""),
         breaks_rules(101, "a subprotocol that was not offered")},
        // A 101 has no body, whatever its header says (RFC 9112 6.3); frames follow.
        {"101_with_2_GiB_of_body",
         peer_script()
             .accepts("Content-Length: 2147483648\r\n", server_frame(text_frame, start("theirs")))
             .hears("after start"),
         left_alone(), false, 1, true},
        {"101_in_chunks",
         peer_script().accepts("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
         cut_off(errc::protocol_violation, 1002), false, 1, true},
        {"S18_no_digest", says(switching("")), breaks_rules(101, "upgrade")},
        {"S18_HTTP_1_0", says(switching("", "1.0")), breaks_rules(101, "is not HTTP/1.1")},
        {"S18_HTTP_2", says(switching("", "2")), breaks_rules(0, "upgrade")},
        {"S11_an_answer_without_an_end", says("HTTP/1.1 101 Yes\r\nX: " + std::string(20'000, 'x')),
         breaks_rules(0, "limits.header_bytes")},
        {"401_with_2_GiB_of_body", says("HTTP/1.1 401 No\r\nContent-Length: 2147483648\r\n\r\n"),
         saying(refuses(401, slowly), "connection.misconfigured")},
        {"100_Continue", says("HTTP/1.1 100 Continue\r\n\r\n"), refuses(100, slowly)},
        {"500_in_chunks_without_end",
         says("HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"),
         refuses(500, soon)},
        {"F26_plain_HTTP_where_TLS_was_asked_for", says("HTTP/1.1 400 Bad Request\r\n\r\n"),
         no_tls(), true},
        {"F26_mute_where_TLS_was_asked_for", peer_script(), ended(errc::tls_timeout, 10s), true},
        {"F26_a_byte_of_TLS_a_second",
         peer_script().says_slowly("\x16\x03\x03\x3f\xff\x02\x3f\xff\x03"),
         ended(errc::tls_timeout, 10s), true},
        {"F26_refuses_TLS", says(alert), no_tls(), true},
    };
    for (const unsigned status : {301U, 302U, 303U, 307U, 308U})
        all.push_back(redirecting(status));
    all.push_back(told_to_wait("7", {7s, 8400ms}));
    all.push_back(told_to_wait("1000000000", {300s, 360s}));
    all.push_back(told_to_wait("18446744073709551616", {300s, 360s}));
    for (const auto* when : {"-1", "soon"})
        all.push_back(told_to_wait(when, soon));
    return all;
}

}  // namespace aiflow::test::hostile
