#include "stream_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

using lines = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(stream_pair_suite, stream_fixture)

BOOST_AUTO_TEST_CASE(a_batch_arrives_whole_and_in_order)
{
    const auto result = write(*pair.near, {{outgoing_message::text, "one"},
                                           {outgoing_message::ping, "7"},
                                           {outgoing_message::text, "two"}});
    BOOST_TEST_REQUIRE(result.has_value());
    BOOST_TEST(!result->error);
    BOOST_TEST(result->first_untouched == 3u);
    read_far();
    settle(io);
    BOOST_TEST(far_log == (lines{"text one", "text two"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_pong_comes_when_the_peer_has_read_the_ping_and_in_its_place)
{
    read_near();
    write(*pair.near, {{outgoing_message::text, "one"}, {outgoing_message::ping, "7"}});
    write(*pair.far, "before");
    BOOST_TEST(near_log == lines{"text before"}, boost::test_tools::per_element());
    read_far();
    settle(io);
    write(*pair.far, "after");
    BOOST_TEST(near_log == (lines{"text before", "pong 7", "text after"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_close_is_answered_by_the_peers_read)
{
    read_far();
    settle(io);
    bool closed = false;
    spawn(close_stream(pair.near.get(), 1001, "going", time.now() + 5s, &closed));
    settle(io);
    BOOST_TEST(closed);
    BOOST_TEST(far_log.size() == 1u);
    BOOST_TEST(pair.far->end().error == errc::closed_by_peer);
    BOOST_TEST(pair.far->end().close_code == 1001);
    BOOST_TEST(pair.far->end().close_reason == "going");
    BOOST_TEST(pair.near->end().error == errc::closed_locally);
    BOOST_TEST(write(*pair.far, "late")->error == errc::closed_by_peer);
    BOOST_TEST(write(*pair.near, "late")->error == errc::closed_locally);
    BOOST_TEST(pair.far_control.dropped() == false);
    BOOST_TEST(pair.near_control.dropped());
}

BOOST_AUTO_TEST_CASE(a_close_that_nobody_answers_ends_at_its_deadline)
{
    bool closed = false;
    spawn(close_stream(pair.near.get(), 1000, "", time.now() + 5s, &closed));
    run_for(io, time, 4999ms);
    BOOST_TEST(!closed);
    run_for(io, time, 1ms);
    BOOST_TEST(closed);
}

BOOST_AUTO_TEST_CASE(what_came_before_an_abort_can_still_be_read)
{
    write(*pair.near, "last words");
    pair.near->abort();
    read_far();
    settle(io);
    BOOST_TEST_REQUIRE(far_log.size() == 2u);
    BOOST_TEST(far_log[0] == "text last words");
    BOOST_TEST(pair.far->end().error == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(an_abort_completes_a_pending_read_of_both_ends)
{
    read_near();
    read_far();
    settle(io);
    pair.near->abort();
    settle(io);
    BOOST_TEST(near_log.size() == 1u);
    BOOST_TEST(far_log.size() == 1u);
    BOOST_TEST(pair.near->end().error == errc::closed_locally);
    BOOST_TEST(pair.far->end().error == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(a_destroyed_stream_is_a_lost_connection_for_the_other_end)
{
    read_far();
    settle(io);
    pair.near.reset();
    settle(io);
    BOOST_TEST(pair.far->end().error == errc::connection_lost);
    BOOST_TEST(far_log.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_cancelled_read_loses_no_message)
{
    asio::cancellation_signal stop;
    asio::co_spawn(io, read_all(pair.far.get(), &far_log),
                   asio::bind_cancellation_slot(stop.slot(), asio::detached));
    settle(io);
    stop.emit(asio::cancellation_type::terminal);
    settle(io);
    BOOST_TEST(far_log == lines{"error Operation canceled"}, boost::test_tools::per_element());
    write(*pair.near, "kept");
    far_log.clear();
    read_far();
    settle(io);
    BOOST_TEST(far_log == lines{"text kept"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(activity_counts_every_frame_at_its_time)
{
    const auto opened = time.now();
    BOOST_TEST((pair.near->activity().last_in == opened));
    read_near();
    read_far();
    time.advance(3s);
    write(*pair.near, {{outgoing_message::ping, "7"}});
    BOOST_TEST((pair.near->activity().last_out == opened + 3s));
    BOOST_TEST((pair.far->activity().last_in == opened + 3s));
    BOOST_TEST((pair.near->activity().last_in == opened + 3s), "the pong counts");
    BOOST_TEST(pair.near->activity().bytes_in > 0u);
    BOOST_TEST(pair.near->activity().bytes_out == pair.far->activity().bytes_in);
}

BOOST_AUTO_TEST_SUITE_END()
