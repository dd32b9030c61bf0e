#include "stream_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

using lines = std::vector<std::string>;

namespace {

const std::vector<outgoing_message> three{
    {outgoing_message::text, "a"}, {outgoing_message::text, "b"}, {outgoing_message::text, "c"}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(stream_faults_suite, stream_fixture)

BOOST_AUTO_TEST_CASE(the_nth_read_fails_and_takes_the_connection_with_it)
{
    pair.near_control.fail_read(2);
    read_near();
    settle(io);
    write(*pair.far, "one");
    settle(io);
    BOOST_TEST_REQUIRE(near_log.size() == 2u);
    BOOST_TEST(near_log[0] == "text one");
    BOOST_TEST(pair.near->end().error == errc::connection_lost);
    BOOST_TEST(write(*pair.far, "two")->error == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(the_nth_write_fails_with_the_count_that_was_asked_for)
{
    pair.near_control.fail_write(2, {errc::write_timeout, 1, 2});
    BOOST_TEST(!write(*pair.near, "first")->error);
    const auto result = write(*pair.near, three);
    BOOST_TEST(result->error == errc::write_timeout);
    BOOST_TEST(result->first_untouched == 2u);
    read_far();
    settle(io);
    BOOST_TEST_REQUIRE(far_log.size() == 3u);
    BOOST_TEST(far_log[1] == "text a");
    BOOST_TEST(write(*pair.near, "again")->first_untouched == 0u);
}

BOOST_AUTO_TEST_CASE(a_write_never_calls_untouched_what_arrived)
{
    pair.near_control.fail_write(1, {errc::connection_lost, 2, 0});
    BOOST_TEST(write(*pair.near, three)->first_untouched == 2u);
}

BOOST_AUTO_TEST_CASE(after_a_number_of_messages_the_rest_is_lost_although_it_was_written)
{
    pair.near_control.drop_after(2);
    const auto result = write(*pair.near, three);
    BOOST_TEST(!result->error);
    read_far();
    settle(io);
    BOOST_TEST_REQUIRE(far_log.size() == 3u);
    BOOST_TEST(far_log[1] == "text b");
    BOOST_TEST(pair.far->end().error == errc::connection_lost);
    BOOST_TEST(pair.near->end().error == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(a_mute_end_is_not_heard_and_answers_no_ping)
{
    read_near();
    read_far();
    pair.near_control.mute(true);
    BOOST_TEST(!write(*pair.near, "unheard")->error);
    write(*pair.far, {{outgoing_message::ping, "1"}, {outgoing_message::text, "heard"}});
    BOOST_TEST(far_log.empty());
    BOOST_TEST(near_log == lines{"text heard"}, boost::test_tools::per_element());
    pair.near_control.mute(false);
    write(*pair.far, {{outgoing_message::ping, "2"}});
    BOOST_TEST(far_log == lines{"pong 2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(swallowed_pongs_leave_messages_alone)
{
    read_near();
    read_far();
    pair.far_control.swallow_pongs(true);
    write(*pair.near, {{outgoing_message::ping, "1"}, {outgoing_message::text, "heard"}});
    BOOST_TEST(far_log == lines{"text heard"}, boost::test_tools::per_element());
    BOOST_TEST(near_log.empty());
    BOOST_TEST(pair.near_control.pings_written() == 1u);
    BOOST_TEST(pair.near_control.texts_written() == 1u);
}

BOOST_AUTO_TEST_CASE(a_stalled_write_goes_on_where_it_was)
{
    read_far();
    pair.near_control.stall_writes(true);
    std::optional<write_result> result;
    spawn(write_batch(pair.near.get(), three, &result));
    settle(io);
    BOOST_TEST(!result.has_value());
    BOOST_TEST(far_log.empty());
    pair.near_control.stall_writes(false);
    settle(io);
    BOOST_TEST(result.has_value());
    BOOST_TEST(far_log.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_stalled_write_can_be_cancelled_and_then_the_stream_is_done)
{
    pair.near_control.stall_writes(true);
    asio::cancellation_signal stop;
    std::optional<write_result> result;
    asio::co_spawn(io, write_batch(pair.near.get(), three, &result),
                   asio::bind_cancellation_slot(stop.slot(), asio::detached));
    settle(io);
    stop.emit(asio::cancellation_type::terminal);
    settle(io);
    BOOST_TEST_REQUIRE(result.has_value());
    BOOST_TEST(result->error == asio::error::operation_aborted);
    pair.near_control.stall_writes(false);
    BOOST_TEST(!!write(*pair.near, "more")->error);
}

BOOST_AUTO_TEST_CASE(an_abort_completes_a_stalled_write)
{
    pair.near_control.stall_writes(true);
    std::optional<write_result> result;
    spawn(write_batch(pair.near.get(), three, &result));
    settle(io);
    pair.near->abort();
    settle(io);
    BOOST_TEST_REQUIRE(result.has_value());
    BOOST_TEST(result->error == errc::closed_locally);
}

BOOST_AUTO_TEST_CASE(a_half_closed_connection_still_carries_the_other_direction)
{
    read_near();
    read_far();
    settle(io);
    pair.near_control.half_close();
    settle(io);
    BOOST_TEST(far_log.size() == 1u);
    BOOST_TEST(pair.far->end().error == errc::connection_lost);
    BOOST_TEST(!write(*pair.far, "still")->error);
    BOOST_TEST(near_log == lines{"text still"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_close_frame_out_of_the_blue_ends_the_peers_reads)
{
    read_far();
    settle(io);
    pair.near_control.send_close(4401, "go away");
    settle(io);
    BOOST_TEST(pair.far->end().error == errc::closed_by_peer);
    BOOST_TEST(pair.far->end().close_code == 4401);
    BOOST_TEST(pair.far->end().close_reason == "go away");
    BOOST_TEST(write(*pair.near, "after the close frame")->error);
}

BOOST_AUTO_TEST_CASE(a_binary_message_comes_as_one)
{
    pair.near_control.send_binary("\x01\x02");
    read_far();
    settle(io);
    BOOST_TEST(far_log == lines{"binary \x01\x02"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_reset_lets_what_has_arrived_be_read_first)
{
    write(*pair.near, "arrived");
    pair.near_control.reset();
    read_far();
    settle(io);
    BOOST_TEST_REQUIRE(far_log.size() == 2u);
    BOOST_TEST(far_log[0] == "text arrived");
    BOOST_TEST(pair.far->end().error == errc::connection_lost);
}

BOOST_AUTO_TEST_SUITE_END()
