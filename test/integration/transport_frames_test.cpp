// Frames that no WebSocket library would send, from either end.
#include "raw_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::string_literals;

namespace {

struct seen {
    std::string messages;
    stream_end end;
};

// Reads until `count` messages or the end.
asio::awaitable<seen> read(message_stream& s, std::size_t count)
{
    seen result;
    std::size_t got = 0;
    while (got < count) {
        const auto batch = co_await s.read();
        if (!batch)
            break;
        for (const auto& m : *batch) {
            const char* kinds[] = {"t:", "b:", "p:"};
            result.messages.append(kinds[m.kind]).append(m.data).append(" ");
            ++got;
        }
    }
    result.end = s.end();
    co_return result;
}

asio::awaitable<write_result> write_one(message_stream& s, std::string text)
{
    const outgoing_message m{outgoing_message::text, text};
    co_return co_await s.write({&m, 1});
}

asio::awaitable<write_result> write_ping(message_stream& s, std::string payload)
{
    const outgoing_message m{outgoing_message::ping, payload};
    co_return co_await s.write({&m, 1});
}

// Our client, connected to a raw server.
struct frames_from_server {
    frames_from_server() : frames_from_server("") {}

    explicit frames_from_server(std::string_view behind, stream_limits limits = {})
        : dialled(net.start(dial(net.time, options(limits)))), peer(raw_peer::accepting(net))
    {
        peer.accept_upgrade(behind);
        BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
        stream = std::move(dialled.get().value());
    }

    dial_options options(stream_limits limits)
    {
        auto o = net.plain();
        o.limits = limits;
        return o;
    }

    seen read_all(std::size_t count = 1000) { return net.run(read(*stream, count)); }

    loopback net;
    outcome<dial_result> dialled;
    raw_peer peer;
    std::unique_ptr<message_stream> stream;
};

// Our server, connected to a raw client.
struct frames_from_client {
    explicit frames_from_client(std::string_view behind = "")
        : peer(raw_peer::connecting(net, socket)),
          accepted(net.start(accept(std::move(*socket), net.time, {})))
    {
        peer.request_upgrade(behind);
        BOOST_REQUIRE(net.until([&] { return accepted.done(); }));
        stream = std::move(accepted.get().value());
        BOOST_REQUIRE(peer.receives("\r\n\r\n"));
        const auto end = peer.received().find("\r\n\r\n") + 4;
        behind_answer = peer.received().substr(end);
        peer.forget();
    }

    seen read_all(std::size_t count = 1000) { return net.run(read(*stream, count)); }

    loopback net;
    std::optional<asio::ip::tcp::socket> socket;
    raw_peer peer;
    outcome<dial_result> accepted;
    std::unique_ptr<message_stream> stream;
    std::string behind_answer;
};

unsigned code_in(std::string_view close)
{
    const auto payload = first_payload(close);
    return static_cast<unsigned>(static_cast<unsigned char>(payload.at(0))) << 8U |
           static_cast<unsigned char>(payload.at(1));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_frames)

BOOST_AUTO_TEST_CASE(first_events_in_the_segment_of_the_answer)
{
    frames_from_server r(server_frame(text_frame, "early") + server_frame(ping_frame, "?") +
                         server_frame(text_frame, "bird").substr(0, 4));
    r.peer.send(server_frame(text_frame, "bird").substr(4));
    BOOST_TEST(r.read_all(2).messages == "t:early t:bird ");
    BOOST_REQUIRE(r.net.until([&] { return !r.peer.received().empty(); }));
    BOOST_TEST(first_payload(r.peer.received()) == "?");
}

BOOST_AUTO_TEST_CASE(first_events_in_the_segment_of_the_request)
{
    frames_from_client r(client_frame(text_frame, "early") + client_frame(text_frame, "bird"));
    BOOST_TEST(r.read_all(2).messages == "t:early t:bird ");
}

BOOST_AUTO_TEST_CASE(a_byte_at_a_time)
{
    frames_from_client r;
    const auto bytes = client_frame(text_frame, "slow") + client_frame(pong_frame, "1") +
                       client_frame(text_begin, "in ") + client_frame(ping_frame, "?") +
                       client_frame(continued | fin, "parts");
    auto reading = r.net.start(read(*r.stream, 3));
    for (const char byte : bytes)
        r.peer.send({&byte, 1});
    BOOST_REQUIRE(r.net.until([&] { return reading.done(); }));
    BOOST_TEST(reading.get().messages == "t:slow p:1 t:in parts ");
    BOOST_TEST(r.peer.receives(server_frame(pong_frame, "?")));
}

BOOST_AUTO_TEST_CASE(pings_carry_their_payload_and_pongs_come_in_their_place)
{
    frames_from_server r;
    BOOST_TEST(!r.net.run(write_ping(*r.stream, "17")).error);
    BOOST_REQUIRE(r.net.until([&] { return r.peer.received().size() == 8; }));
    BOOST_TEST(r.peer.received()[0] == static_cast<char>(ping_frame));
    BOOST_TEST(first_payload(r.peer.received()) == "17");
    r.peer.send(server_frame(text_frame, "a") + server_frame(pong_frame, "17") +
                server_frame(text_frame, "b"));
    BOOST_TEST(r.read_all(3).messages == "t:a p:17 t:b ");
    const auto refused = r.net.run(write_ping(*r.stream, std::string(126, 'x')));
    BOOST_TEST(refused.error == make_error_code(errc::invalid_value));
    BOOST_TEST(refused.first_untouched == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_masks_with_keys_that_differ_and_a_server_does_not)
{
    frames_from_server r;
    r.net.run(write_one(*r.stream, "same"));
    r.net.run(write_one(*r.stream, "same"));
    BOOST_REQUIRE(r.net.until([&] { return r.peer.received().size() == 20; }));
    const auto& got = r.peer.received();
    BOOST_TEST(first_payload(got) == "same");
    BOOST_TEST(first_payload(got.substr(10)) == "same");
    BOOST_TEST(got.substr(2, 4) != got.substr(12, 4));

    frames_from_client c;
    c.net.run(write_one(*c.stream, "plain"));
    BOOST_TEST(c.peer.receives("\x81\x05plain"));
}

BOOST_AUTO_TEST_CASE(binary_messages_are_handed_up)
{
    frames_from_client r;
    r.peer.send(client_frame(binary_frame, "\x00\xff"s));
    BOOST_TEST(r.read_all(1).messages == "b:\x00\xff "s);
}

BOOST_AUTO_TEST_CASE(a_client_that_breaks_the_rules_is_told_and_dropped)
{
    stream_limits limits;
    struct {
        std::string bytes;
        errc error;
        unsigned code;
    } const cases[] = {
        {server_frame(text_frame, "unmasked"), errc::protocol_violation, 1002},
        {client_frame(0xc1, "rsv"), errc::protocol_violation, 1002},
        {client_frame(0x83, "opcode"), errc::protocol_violation, 1002},
        {client_frame(continued | fin, "of nothing"), errc::protocol_violation, 1002},
        {client_frame(text_begin, "a") + client_frame(text_frame, "b"), errc::protocol_violation,
         1002},
        {client_frame(ping_frame, std::string(126, 'x')), errc::protocol_violation, 1002},
        {client_frame(text_frame, "\xff"), errc::protocol_violation, 1007},
        {client_frame(text_begin, "\xe2\x82") + client_frame(continued | fin, ""),
         errc::protocol_violation, 1007},
        {"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", errc::message_too_large, 1009},
        {"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", errc::protocol_violation,
         1002},
        {client_frame(text_frame, std::string(limits.message_bytes + 1, 'x')).substr(0, 14),
         errc::message_too_large, 1009},
    };
    for (const auto& c : cases) {
        frames_from_client r;
        r.peer.send(client_frame(text_frame, "before") + c.bytes);
        const auto got = r.read_all();
        BOOST_TEST(got.messages == "t:before ");
        BOOST_TEST(got.end.error == make_error_code(c.error));
        BOOST_TEST(got.end.close_code == 0);
        // The close frame is on its way without anybody calling `close`.
        BOOST_REQUIRE(r.net.until([&] { return r.peer.received().size() >= 4; }));
        BOOST_TEST(code_in(r.peer.received()) == c.code);
        // Nothing more can be written, and reading fails with the same again.
        const auto written = r.net.run(write_one(*r.stream, "late"));
        BOOST_TEST(written.error == make_error_code(c.error));
        BOOST_TEST(written.first_untouched == 0U);
        BOOST_TEST(r.read_all().end.error == make_error_code(c.error));
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_breaks_the_rules_is_told_and_dropped)
{
    stream_limits limits;
    limits.message_bytes = 100;
    limits.message_fragments = 3;
    std::string fragments = server_frame(text_begin, "x");
    for (int i = 0; i < 3; ++i)
        fragments += server_frame(continued, "x");
    struct {
        std::string bytes;
        errc error;
        unsigned code;
    } const cases[] = {
        {client_frame(text_frame, "masked"), errc::protocol_violation, 1002},
        {server_frame(text_frame, std::string(101, 'x')), errc::message_too_large, 1009},
        {server_frame(text_begin, std::string(60, 'x')) +
             server_frame(continued, std::string(41, 'x')),
         errc::message_too_large, 1009},
        {fragments, errc::too_many_fragments, 1008},
    };
    for (const auto& c : cases) {
        frames_from_server r("", limits);
        r.peer.send(c.bytes);
        BOOST_TEST(r.read_all().end.error == make_error_code(c.error));
        BOOST_REQUIRE(r.net.until([&] { return r.peer.received().size() >= 8; }));
        BOOST_TEST(code_in(r.peer.received()) == c.code);
    }
}

// A peer that sends pings and never reads must not make memory grow, nor stop the reading.
BOOST_AUTO_TEST_CASE(a_flood_of_pings_to_a_peer_that_does_not_read)
{
    frames_from_client r;
    r.peer.stop_reading();
    std::string flood;
    for (int i = 0; i < 1000; ++i)
        flood += client_frame(ping_frame, std::string(125, 'x'));
    auto reading = r.net.start(read(*r.stream, 1));
    for (int i = 0; i < 100; ++i)
        r.peer.send(flood);
    r.peer.send(client_frame(text_frame, "still here"));
    BOOST_REQUIRE(r.net.until([&] { return reading.done(); }));
    BOOST_TEST(reading.get().messages == "t:still here ");
}

BOOST_AUTO_TEST_SUITE_END()
