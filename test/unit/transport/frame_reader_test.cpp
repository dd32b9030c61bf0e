#include "transport/frame_reader.hpp"
#include "transport/websocket_codec.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

using namespace aiflow;
using namespace std::string_literals;

namespace {

// A server that reads what a client wrote, all in memory.
struct fixture {
    explicit fixture(stream_limits limits = {})
        : client(io.get_executor(), {}), server(io.get_executor(), limits), reader(start(), limits)
    {
    }

    websocket_codec& start()
    {
        const auto request = client.open_client("localhost", "/", {});
        server.open_server(request.key, {});
        return server;
    }

    // What was read: kind and text of each message.
    std::string read(std::string_view bytes)
    {
        reader.next_batch();
        reader.feed(bytes);
        return list();
    }

    std::string list()
    {
        std::string out;
        for (const auto& m : reader.messages()) {
            const char* kinds[] = {"t:", "b:", "p:"};
            out.append(kinds[m.kind]).append(m.data).append(" ");
        }
        return out;
    }

    std::string error() const { return reader.end() ? reader.end()->error.message() : "none"; }

    // The close code in the server's output.
    unsigned close_code()
    {
        const auto out = server.output();
        const auto at = out.rfind('\x88');
        if (at == std::string_view::npos || at + 4 > out.size())
            return 0;
        return static_cast<unsigned>(static_cast<unsigned char>(out[at + 2])) << 8U |
               static_cast<unsigned char>(out[at + 3]);
    }

    asio::io_context io;
    websocket_codec client;
    websocket_codec server;
    frame_reader reader;
};

// A masked frame; the mask is zero, so that the payload can be read.
std::string client_frame(unsigned first, std::string_view payload)
{
    std::string out{static_cast<char>(first), static_cast<char>(0x80 | payload.size())};
    return out + std::string(4, '\0') + std::string(payload);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frame_reader_suite)

BOOST_AUTO_TEST_CASE(reads_the_same_however_the_bytes_are_cut)
{
    fixture source;
    source.client.text("first");
    source.client.pong("proof");
    source.client.text(std::string(300, 'x'));
    source.client.ping("are you there");
    source.client.text("");
    const auto bytes = std::string(source.client.output()) + client_frame(0x01, "") +
                       client_frame(0x89, "?") + client_frame(0x00, "") +
                       client_frame(0x00, "in ") + client_frame(0x8a, "between") +
                       client_frame(0x80, "parts");
    const auto expected =
        "t:first p:proof t:" + std::string(300, 'x') + " t: p:between t:in parts ";

    BOOST_TEST(fixture().read(bytes) == expected);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        fixture f;
        const auto head = f.read(std::string_view(bytes).substr(0, cut));
        const auto all = head + f.read(std::string_view(bytes).substr(cut));
        BOOST_TEST(all == expected, "cut after " << cut << " bytes");
    }
    fixture f;
    std::string all;
    for (const char byte : bytes)
        all += f.read({&byte, 1});
    BOOST_TEST(all == expected);
    BOOST_TEST(f.error() == "none");
}

BOOST_AUTO_TEST_CASE(answers_pings)
{
    fixture f;
    f.read(client_frame(0x89, "hello"));
    BOOST_TEST(f.server.output() == "\x8a\x05hello");
}

BOOST_AUTO_TEST_CASE(answers_only_the_newest_ping_while_nothing_leaves)
{
    fixture f;
    f.server.text(std::string(100'000, 'x'));
    const auto size = f.server.output().size();
    for (int i = 0; i < 10'000; ++i)
        f.read(client_frame(0x89, std::to_string(i)));
    BOOST_TEST(f.server.output().size() == size);
    f.server.consume(size);
    f.reader.pay_owed_pong();
    BOOST_TEST(f.server.output() == "\x8a\x04"s + "9999");
    f.reader.pay_owed_pong();
    BOOST_TEST(f.server.output() == "\x8a\x04"s + "9999");
}

// Otherwise the output never becomes empty, nothing of ours is sent, and memory grows for ever.
BOOST_AUTO_TEST_CASE(
    lets_the_output_become_empty_for_a_peer_that_pings_and_takes_a_little_at_a_time)
{
    fixture f;
    f.server.text(std::string(1'000, 'x'));
    std::size_t pinged = 0;
    const auto take_a_little = [&f] {
        f.server.consume(std::min<std::size_t>(f.server.output().size(), 5));
        return !f.server.output().empty();
    };
    while (take_a_little() && pinged < 100'000)
        for (int i = 0; i < 2; ++i)
            f.read(client_frame(0x89, std::to_string(pinged++)));
    BOOST_TEST(f.server.output().empty());
    f.reader.pay_owed_pong();
    const auto last = std::to_string(pinged - 1);
    BOOST_TEST(f.server.output() == "\x8a" + std::string(1, static_cast<char>(last.size())) + last);
}

BOOST_AUTO_TEST_CASE(hands_binary_messages_up)
{
    fixture f;
    BOOST_TEST(f.read(client_frame(0x82, "\xff\xfe")) == "b:\xff\xfe ");
}

BOOST_AUTO_TEST_CASE(refuses_text_that_is_not_utf8)
{
    for (const auto* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xe2\x82"}) {
        fixture f;
        BOOST_TEST(f.read(client_frame(0x81, bad)) == "");
        BOOST_TEST(f.error() == make_error_code(errc::protocol_violation).message());
        BOOST_TEST(f.close_code() == 1007U);
    }
}

BOOST_AUTO_TEST_CASE(hands_up_a_pong_before_text_that_is_not_utf8)
{
    fixture f;
    BOOST_TEST(f.read(client_frame(0x81, "ok") + client_frame(0x8a, "a pong longer than that") +
                      client_frame(0x81, "\xff")) == "t:ok p:a pong longer than that ");
    BOOST_TEST(f.close_code() == 1007U);
}

BOOST_AUTO_TEST_CASE(keeps_pongs_apart_from_the_message_around_them)
{
    fixture f;
    BOOST_TEST(f.read(client_frame(0x01, "in ")) == "");
    BOOST_TEST(f.read(client_frame(0x8a, "1") + client_frame(0x8a, "2")) == "p:1 p:2 ");
    BOOST_TEST(f.read(client_frame(0x8a, "3") + client_frame(0x80, "parts") +
                      client_frame(0x81, "next") + client_frame(0x8a, "4")) ==
               "p:3 t:in parts t:next p:4 ");
}

BOOST_AUTO_TEST_CASE(hands_up_what_came_before_text_that_is_not_utf8)
{
    // More than Beast takes in at a time, so that it meets frames in pieces as well.
    constexpr std::size_t count = 40;
    for (const std::string& bad : {"\xff"s, std::string(99, 'a') + "\xe2\x82"}) {
        for (std::size_t at = 0; at != count; ++at) {
            std::string frames;
            std::string expected;
            for (std::size_t i = 0; i != count; ++i) {
                const auto text = std::to_string(i) + std::string(i * 3, 'x');
                frames +=
                    client_frame(i % 5 == 4 ? 0x82 : 0x81, i == at && i % 5 != 4 ? bad : text);
                if (i < at || at % 5 == 4)
                    expected += (i % 5 == 4 ? "b:" : "t:") + text + " ";
                if (i % 7 == 3)
                    frames += client_frame(0x8a, text);
                if (i % 7 == 3 && (i < at || at % 5 == 4))
                    expected += "p:" + text + " ";
            }
            fixture f;
            BOOST_TEST(f.read(frames) == expected);
            BOOST_TEST(f.close_code() == (at % 5 == 4 ? 0U : 1007U));
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_text_that_ends_inside_a_character_before_an_empty_fragment)
{
    for (const auto* bad : {"\xe2\x82", "\xf0\x9f\x98", "\xc3", "text \xf0"}) {
        fixture f;
        f.read(client_frame(0x01, bad) + client_frame(0x80, ""));
        BOOST_TEST(f.close_code() == 1007U);
    }
    for (const auto* good : {"", "a", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
        fixture f;
        BOOST_TEST(f.read(client_frame(0x01, good) + client_frame(0x80, "")) ==
                   "t:" + std::string(good) + " ");
    }
}

BOOST_AUTO_TEST_CASE(a_character_may_be_split_between_fragments)
{
    fixture f;
    BOOST_TEST(f.read(client_frame(0x01, "\xe2") + client_frame(0x00, "\x82") +
                      client_frame(0x80, "\xac")) == "t:\xe2\x82\xac ");
}

BOOST_AUTO_TEST_CASE(says_why_it_closes)
{
    stream_limits limits;
    limits.message_bytes = 20;
    limits.message_fragments = 2;
    struct {
        std::string bytes;
        errc error;
        unsigned code;
    } const cases[] = {
        {client_frame(0x83, "x"), errc::protocol_violation, 1002},
        {"\x81\x01x", errc::protocol_violation, 1002},
        {client_frame(0x81, std::string(21, 'x')), errc::message_too_large, 1009},
        {client_frame(0x01, "a") + client_frame(0x00, "b") + client_frame(0x80, "c"),
         errc::too_many_fragments, 1008},
        {client_frame(0x88, "x"), errc::protocol_violation, 1002},
        {client_frame(0x88, "\x03\xed"), errc::protocol_violation, 1002},  // 1005 is never sent
        {client_frame(0x88, "\x03\xe8\xff"), errc::protocol_violation, 1002},
    };
    for (const auto& c : cases) {
        fixture f(limits);
        f.read(client_frame(0x81, "before") + c.bytes);
        BOOST_TEST(f.list() == "t:before ");
        BOOST_TEST(f.error() == make_error_code(c.error).message());
        BOOST_TEST(f.close_code() == c.code);
    }
}

BOOST_AUTO_TEST_CASE(reports_and_answers_a_close_frame)
{
    fixture f;
    f.client.close(4000, "enough");
    f.read(f.client.output());
    BOOST_REQUIRE(f.reader.end());
    BOOST_TEST(f.error() == make_error_code(errc::closed_by_peer).message());
    BOOST_TEST(f.reader.end()->close_code == 4000);
    BOOST_TEST(f.reader.end()->close_reason == "enough");
    BOOST_TEST(f.close_code() == 4000U);
    BOOST_TEST(f.read(client_frame(0x81, "late")) == "");
}

BOOST_AUTO_TEST_CASE(waits_only_for_the_close_frame_when_told_so)
{
    fixture f;
    f.read(client_frame(0x81, "x").substr(0, 6));
    f.reader.expect_only_close();
    BOOST_TEST(f.read("x" + client_frame(0x81, "late") + client_frame(0x89, "?")) == "");
    BOOST_TEST(f.server.output() == "");
    f.read(client_frame(0x88, "\x03\xe9"
                              "bye"));
    BOOST_REQUIRE(f.reader.end());
    BOOST_TEST(f.reader.end()->close_code == 1001);
    BOOST_TEST(f.reader.end()->close_reason == "bye");
}

BOOST_AUTO_TEST_CASE(cuts_a_long_close_reason_between_characters)
{
    fixture f;
    std::string reason;
    while (reason.size() < 200)
        reason += "\xe2\x82\xac";
    f.client.close(1000, reason);
    f.read(f.client.output());
    BOOST_REQUIRE(f.reader.end());
    BOOST_TEST(f.reader.end()->close_reason == reason.substr(0, 123));
}

BOOST_AUTO_TEST_SUITE_END()
