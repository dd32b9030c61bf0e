#include "daemon/line_queue.hpp"

#include "manual_clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <map>

using namespace aiflow;

namespace {

struct line_queue_rig {
    asio::io_context io;
    line_queue queue{io.get_executor()};
    std::map<std::string, bool> pushed;

    void push(const std::string& line, asio::cancellation_slot slot = {})
    {
        asio::co_spawn(io, queue.push(line),
                       asio::bind_cancellation_slot(
                           slot, [this, line](const std::exception_ptr& thrown, bool in) {
                               BOOST_TEST(!thrown);
                               pushed[line] = in;
                           }));
        test::settle(io);
    }

    void fill()
    {
        for (std::size_t i = 0; i < line_queue::max_lines; ++i)
            BOOST_TEST_REQUIRE(queue.offer("x"));
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(line_queue_suite)

BOOST_FIXTURE_TEST_CASE(while_closed_it_takes_nothing, line_queue_rig)
{
    push("a");
    BOOST_TEST(!pushed.at("a"));
    BOOST_TEST(!queue.offer("a"));
    BOOST_TEST(!queue.offer_urgent("a"));
    BOOST_TEST(queue.size() == 0U);
}

BOOST_FIXTURE_TEST_CASE(lines_come_out_in_their_order, line_queue_rig)
{
    queue.open();
    push("a");
    push("b");
    BOOST_TEST(queue.offer("c"));
    BOOST_TEST(queue.take(3) == "a\nb\n");
    BOOST_TEST(queue.take(1) == "c\n");
    BOOST_TEST(queue.take(1) == "");
}

BOOST_FIXTURE_TEST_CASE(who_finds_no_room_waits_in_turn, line_queue_rig)
{
    queue.open();
    fill();
    push("first");
    push("second");
    BOOST_TEST(pushed.empty());
    BOOST_TEST(!queue.offer("not before those who wait"));
    queue.take(1);
    test::settle(io);
    BOOST_TEST(pushed.size() == 1U);
    BOOST_TEST(pushed.at("first"));
    queue.take(10'000);
    test::settle(io);
    BOOST_TEST(pushed.at("second"));
    BOOST_TEST(queue.take(10'000) == "second\n");
}

BOOST_FIXTURE_TEST_CASE(bytes_count_as_well, line_queue_rig)
{
    queue.open();
    BOOST_TEST(queue.offer(std::string(line_queue::max_bytes, 'x')));
    BOOST_TEST(!queue.offer("y"));
    BOOST_TEST(queue.offer_urgent("z"));
    BOOST_TEST(queue.offer_urgent(std::string(line_queue::max_bytes, 'x')));
    BOOST_TEST(!queue.offer_urgent("z"));
}

BOOST_FIXTURE_TEST_CASE(an_interrupted_line_is_not_lost, line_queue_rig)
{
    queue.open();
    fill();
    asio::cancellation_signal interrupt;
    push("interrupted", interrupt.slot());
    push("behind");
    interrupt.emit(asio::cancellation_type::all);
    test::settle(io);
    BOOST_TEST(pushed.at("interrupted"));
    BOOST_TEST(!pushed.contains("behind"));
    BOOST_TEST(queue.take(10'000).ends_with("x\ninterrupted\n"));
    test::settle(io);
    BOOST_TEST(pushed.at("behind"));
}

BOOST_FIXTURE_TEST_CASE(closing_drops_the_lines_and_sends_those_away_who_wait, line_queue_rig)
{
    queue.open();
    fill();
    push("waits");
    queue.close();
    test::settle(io);
    BOOST_TEST(!pushed.at("waits"));
    queue.open();
    BOOST_TEST(queue.take(10'000) == "");
}

BOOST_AUTO_TEST_SUITE_END()
