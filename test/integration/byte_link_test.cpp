#include "transport/byte_link.hpp"

#include "raw_peer.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(byte_links)

BOOST_AUTO_TEST_CASE(what_leaves_after_a_wait_has_left_now)
{
    loopback net;
    std::optional<asio::ip::tcp::socket> socket;
    auto peer = raw_peer::connecting(net, socket);
    peer.stop_reading();
    byte_link link(std::move(*socket), net.time);

    const std::string much(1 << 20, 'x');
    error_code ec;
    while (!ec)
        link.send(much, ec);
    BOOST_TEST(ec == asio::error::would_block);
    const auto full = net.time.now();
    BOOST_TEST((link.activity().last_out == full));

    // Room for this byte, and for more: nothing says that the write had to wait again.
    net.time.advance(9s);
    peer.read_again();
    BOOST_REQUIRE(net.until([&] { return link.send("x", ec) == 1; }));
    BOOST_TEST(!ec);
    BOOST_TEST((link.activity().last_out == full + 9s));

    // Without a wait the clock is not asked.
    net.time.advance(1s);
    BOOST_REQUIRE(net.until([&] { return link.send("x", ec) == 1; }));
    BOOST_TEST((link.activity().last_out == full + 9s));
}

BOOST_AUTO_TEST_SUITE_END()
