// The ways in which an open stream ends.
#include "raw_peer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

asio::awaitable<stream_end> read_to_end(message_stream& s)
{
    for (;;) {
        const auto batch = co_await s.read();
        if (!batch)
            co_return s.end();
    }
}

asio::awaitable<write_result> write_texts(message_stream& s, std::size_t count, std::string text)
{
    const std::vector<outgoing_message> batch(count, {outgoing_message::text, text});
    co_return co_await s.write(batch);
}

struct raw_server {
    raw_server() : dialled(net.start(dial(net.time, net.plain()))), peer(raw_peer::accepting(net))
    {
        request = peer.accept_upgrade();
        BOOST_REQUIRE(net.until([&] { return dialled.done(); }));
        stream = std::move(dialled.get().value());
    }

    loopback net;
    outcome<dial_result> dialled;
    raw_peer peer;
    std::string request;
    std::unique_ptr<message_stream> stream;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(transport_close)

BOOST_AUTO_TEST_CASE(code_and_reason_reach_the_other_side)
{
    for (const bool by_client : {true, false}) {
        constexpr std::uint16_t codes[] = {1000, 1001, 1008, 1012, 1013, 4000, 4401};
        for (const auto code : codes) {
            loopback net;
            auto [client, server] = net.connect();
            auto& closing = by_client ? *client : *server;
            auto& other = by_client ? *server : *client;
            auto reading = net.start(read_to_end(other));
            auto done = net.start(closed(closing, code, "because", net.time.now() + 5s));
            BOOST_REQUIRE(net.until([&] { return reading.done(); }));
            BOOST_TEST(reading.get().error == make_error_code(errc::closed_by_peer));
            BOOST_TEST(reading.get().close_code == code);
            BOOST_TEST(reading.get().close_reason == "because");
            // No time passes: the answer is enough.
            auto other_done = net.start(closed(other, 1000, "", net.time.now() + 5s));
            BOOST_REQUIRE(net.until([&] { return done.done() && other_done.done(); }));
            BOOST_TEST(closing.end().error == make_error_code(errc::closed_locally));
            BOOST_TEST(closing.end().close_code == code);
        }
    }
}

BOOST_AUTO_TEST_CASE(close_frame_without_code)
{
    raw_server r;
    r.peer.send(server_frame(close_frame, ""));
    const auto end = r.net.run(read_to_end(*r.stream));
    BOOST_TEST(end.error == make_error_code(errc::closed_by_peer));
    BOOST_TEST(end.close_code == 0);
    BOOST_TEST(r.net.until([&] { return !r.peer.received().empty(); }));
    BOOST_TEST(r.peer.received()[0] == static_cast<char>(close_frame));
}

BOOST_AUTO_TEST_CASE(reason_is_kept_raw)
{
    raw_server r;
    r.peer.send(server_frame(close_frame, close_payload(1012, "back\r\n\x1b[31m soon")));
    const auto end = r.net.run(read_to_end(*r.stream));
    BOOST_TEST(end.close_code == 1012);
    BOOST_TEST(end.close_reason == "back\r\n\x1b[31m soon");
}

BOOST_AUTO_TEST_CASE(messages_before_the_close_frame_are_not_lost)
{
    raw_server r;
    r.peer.send(server_frame(text_frame, "last words") +
                server_frame(close_frame, close_payload(1001)));
    struct reader {
        static asio::awaitable<std::string> first(message_stream& s)
        {
            const auto batch = co_await s.read();
            co_return std::string(batch.value().front().data);
        }
    };
    BOOST_TEST(r.net.run(reader::first(*r.stream)) == "last words");
    BOOST_TEST(r.net.run(read_to_end(*r.stream)).close_code == 1001);
}

BOOST_AUTO_TEST_CASE(a_close_frame_is_answered_whatever_the_owner_does_next)
{
    struct owner {
        static asio::awaitable<bool> does(std::unique_ptr<message_stream>& s, int what)
        {
            co_await s->read();
            if (what == 1)
                co_await write_texts(*s, 1, "too late");
            if (what == 2)
                s.reset();
            if (what == 3)
                co_await s->close(1000, "", clock::time_point::max());
            co_return true;
        }
    };
    for (const int what : {0, 1, 2, 3}) {
        BOOST_TEST_CONTEXT(what)
        {
            raw_server r;
            r.peer.send(server_frame(text_frame, "last words") +
                        server_frame(close_frame, close_payload(1001)));
            auto done = r.net.start(owner::does(r.stream, what));
            BOOST_TEST(r.peer.receives("\x88\x82"));
            BOOST_TEST(r.net.until([&] { return r.peer.received().size() >= 8; }));
            BOOST_TEST(first_payload(r.peer.received()) == close_payload(1001));
            r.peer.close();
            BOOST_TEST(r.net.until([&] { return done.done(); }));
        }
    }
}

BOOST_AUTO_TEST_CASE(end_without_a_close_frame)
{
    const auto lost = make_error_code(errc::connection_lost);
    {
        raw_server r;
        r.peer.close();
        BOOST_TEST(r.net.run(read_to_end(*r.stream)).error == lost);
    }
    {
        raw_server r;
        r.peer.half_close();
        BOOST_TEST(r.net.run(read_to_end(*r.stream)).error == lost);
        BOOST_TEST(r.net.run(closed(*r.stream, 1000, "", r.net.time.now())));
        BOOST_TEST(r.peer.sees_end());
    }
    {
        raw_server r;
        r.peer.reset();
        BOOST_TEST(r.net.run(read_to_end(*r.stream)).error == lost);
    }
    {
        raw_server r;
        r.peer.send(server_frame(text_frame, "in the middle").substr(0, 5));
        r.peer.close();
        BOOST_TEST(r.net.run(read_to_end(*r.stream)).error == lost);
    }
}

BOOST_AUTO_TEST_CASE(close_waits_no_longer_than_told)
{
    raw_server r;
    auto done = r.net.start(closed(*r.stream, 1001, "going", r.net.time.now() + 5s));
    BOOST_REQUIRE(r.net.until([&] { return !r.peer.received().empty(); }));
    BOOST_TEST(first_payload(r.peer.received()) == close_payload(1001, "going"));
    // Messages are no answer.
    r.peer.send(server_frame(text_frame, "not yet"));
    BOOST_TEST(!done.done());
    r.net.time.advance(4999ms);
    settle(r.net.io);
    BOOST_TEST(!done.done());
    r.net.time.advance(1ms);
    BOOST_TEST(r.net.until([&] { return done.done(); }));
    BOOST_TEST(r.peer.sees_end());
    BOOST_TEST(r.stream->end().error == make_error_code(errc::closed_locally));
    BOOST_TEST(r.stream->end().close_code == 0);
}

BOOST_AUTO_TEST_CASE(close_behind_output_that_nobody_takes)
{
    raw_server r;
    r.peer.stop_reading();
    auto writing = r.net.start(write_texts(*r.stream, 64, std::string(1'048'576, 'x')));
    for (int i = 0; i < 20; ++i)
        settle(r.net.io);
    BOOST_TEST(!writing.done());
    r.stream->abort();
    BOOST_REQUIRE(r.net.until([&] { return writing.done(); }));
    BOOST_TEST(writing.get().error == make_error_code(errc::closed_locally));
    // Some messages are gone for good; the ones that were not begun can be sent elsewhere.
    BOOST_TEST(writing.get().first_untouched > 0U);
    BOOST_TEST(writing.get().first_untouched < 64U);
    BOOST_TEST(r.net.run(closed(*r.stream, 1000, "", r.net.time.now() + 5s)));
}

BOOST_AUTO_TEST_CASE(what_the_peer_cannot_have_got_is_known_exactly)
{
    raw_server r;
    r.peer.stop_reading();
    const std::string text(100'000, 'x');
    auto writing = r.net.start(write_texts(*r.stream, 200, text));
    for (int i = 0; i < 20; ++i)
        settle(r.net.io);
    BOOST_REQUIRE(!writing.done());
    const auto sent = r.stream->activity().bytes_out;
    r.stream->abort();
    BOOST_REQUIRE(r.net.until([&] { return writing.done(); }));
    // Each frame has a header of 14 bytes; a begun message counts as touched. The upgrade request
    // was sent before.
    const std::size_t frame_size = text.size() + 14;
    const auto frames = sent - r.request.size();
    BOOST_TEST(writing.get().first_untouched == (frames + frame_size - 1) / frame_size);
}

BOOST_AUTO_TEST_CASE(abort_ends_what_is_pending)
{
    raw_server r;
    auto reading = r.net.start(read_to_end(*r.stream));
    settle(r.net.io);
    r.stream->abort();
    BOOST_REQUIRE(r.net.until([&] { return reading.done(); }));
    BOOST_TEST(reading.get().error == make_error_code(errc::closed_locally));
    BOOST_TEST(r.peer.sees_end());
    const auto written = r.net.run(write_texts(*r.stream, 2, "late"));
    BOOST_TEST(written.error == make_error_code(errc::closed_locally));
    BOOST_TEST(written.first_untouched == 0U);
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_loses_nothing)
{
    raw_server r;
    asio::cancellation_signal stop;
    bool ended = false;
    asio::co_spawn(r.net.io, read_to_end(*r.stream),
                   asio::bind_cancellation_slot(
                       stop.slot(), [&](std::exception_ptr, const stream_end&) { ended = true; }));
    r.peer.send(server_frame(text_frame, "half a message").substr(0, 7));
    settle(r.net.io);
    stop.emit(asio::cancellation_type::terminal);
    BOOST_REQUIRE(r.net.until([&] { return ended; }));
    BOOST_TEST(!r.stream->end().error);
    r.peer.send(server_frame(text_frame, "half a message").substr(7));
    struct reader {
        static asio::awaitable<std::string> first(message_stream& s)
        {
            const auto batch = co_await s.read();
            co_return std::string(batch.value().front().data);
        }
    };
    BOOST_TEST(r.net.run(reader::first(*r.stream)) == "half a message");
}

BOOST_AUTO_TEST_CASE(destroying_a_stream_drops_the_connection)
{
    raw_server r;
    r.stream.reset();
    BOOST_TEST(r.peer.sees_end());
}

BOOST_AUTO_TEST_SUITE_END()
