// A dead link is noticed, a live one is left alone, and it is opened again, always.
#include "rig.hpp"

#include "session/idle_cuts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace aiflow;
using namespace aiflow::test;

namespace {

connect_failure refused_with(unsigned status)
{
    connect_failure f;
    f.stage = connect_stage::upgrade;
    f.error = make_error_code(errc::upgrade_refused);
    f.http_status = status;
    return f;
}

connect_failure no_listener()
{
    connect_failure f;
    f.stage = connect_stage::tcp;
    f.error = make_error_code(boost::system::errc::connection_refused);
    return f;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(liveness)

BOOST_AUTO_TEST_CASE(an_idle_link_is_pinged_every_twenty_seconds)
{
    rig r;
    r.start();
    r.run(61s);
    BOOST_TEST(r.last().client_control.pings_written() == 3u);
    r.run(1h);
    BOOST_TEST(r.peers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(F12_pings_come_as_often_as_they_are_to_however_long_an_answer_may_take)
{
    client_options o;
    o.connection.ping_interval = 1s;
    o.connection.pong_timeout = 10s;
    rig r(o);
    r.start();
    r.run(60'500ms);
    BOOST_TEST(r.last().client_control.pings_written() == 60u);
    r.last().control.mute(true);
    const auto began = r.time.now();
    BOOST_TEST(r.until([&] { return r.loop->status().state != client_state::open; }));
    BOOST_TEST((r.time.now() - began >= 10s));
    BOOST_TEST((r.time.now() - began <= 11s));
}

BOOST_AUTO_TEST_CASE(a_mute_peer_is_noticed_within_thirty_seconds)
{
    rig r;
    r.start();
    r.run(1min);
    r.last().control.mute(true);
    const auto began = r.time.now();
    BOOST_TEST(r.until([&] { return r.peers.size() == 2; }));
    BOOST_TEST((r.time.now() - began <= 31s));
    BOOST_TEST(r.logged("connection.lost"));
    BOOST_TEST((r.loop->status().last_end->error == errc::pong_timeout));
}

BOOST_AUTO_TEST_CASE(F06_a_ping_behind_a_slow_transfer_has_its_time)
{
    rig r;
    r.start();
    r.last().control.mute(true);
    std::uint64_t left = 1'000'000;
    for (; left > 0; left -= 50'000) {
        r.last().client_control.hold_up(left);
        r.run(9s);
    }
    BOOST_TEST(r.peers.size() == 1u);
    r.last().client_control.hold_up(0);
    const auto arrived = r.time.now();
    BOOST_TEST(r.until([&] { return r.peers.size() == 2; }));
    BOOST_TEST((r.time.now() - arrived <= 21s));
}

BOOST_AUTO_TEST_CASE(F06_a_transfer_that_has_stopped_is_a_dead_link)
{
    rig r;
    r.start();
    r.last().control.mute(true);
    r.last().client_control.hold_up(1'000'000);
    const auto began = r.time.now();
    BOOST_TEST(r.until([&] { return r.peers.size() == 2; }));
    BOOST_TEST((r.time.now() - began <= 31s));
}

BOOST_AUTO_TEST_CASE(F19_a_peer_that_never_pongs_but_sends_is_alive)
{
    rig r;
    r.start();
    r.last().control.swallow_pongs(true);
    for (int i = 0; i < 20; ++i) {
        r.send(speak_event("a", "hello"));
        r.run(25s);
    }
    BOOST_TEST(r.peers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(F05_a_peer_that_only_half_closes_is_lost)
{
    rig r;
    r.start();
    r.last().control.half_close();
    BOOST_TEST(r.until([&] { return r.peers.size() == 2; }, 2s));
    BOOST_TEST((r.loop->status().last_end->error == errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(F11_close_code_and_reason_are_kept_and_escaped_in_the_log)
{
    rig r;
    r.start();
    r.last().control.send_close(1008, "go\x1b[31m away");
    BOOST_TEST(r.until([&] { return r.peers.size() == 2; }));
    const auto end = r.loop->status().last_end;
    BOOST_TEST(end->close_code == 1008);
    BOOST_TEST(end->close_reason == "go\x1b[31m away");
    for (const auto& line : r.log)
        BOOST_TEST(line.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(F01_a_server_that_is_not_there_yet_is_waited_for)
{
    rig r;
    for (int i = 0; i < 5; ++i)
        r.refusals.push_back(no_listener());
    r.start();
    BOOST_TEST((r.loop->status().state == client_state::waiting));
    BOOST_TEST((r.loop->status().last_failure->stage == connect_stage::tcp));
    BOOST_TEST(r.until([&] { return r.peers.size() == 1; }, 1min));
    BOOST_TEST((r.loop->status().state == client_state::open));
    BOOST_TEST(!r.loop->status().last_failure);
    const auto warnings = std::count_if(r.log.begin(), r.log.end(), [](const std::string& line) {
        return line.starts_with("connection.failed");
    });
    BOOST_TEST(warnings == 5);  // at debug level; the first alone is a warning
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_loud_slow_and_never_given_up)
{
    rig r;
    for (int i = 0; i < 50; ++i)
        r.refusals.push_back(refused_with(401));
    r.start();
    BOOST_TEST(r.logged("connection.misconfigured: upgrade"));
    r.run(1h);
    BOOST_TEST(r.attempts >= 5u);
    BOOST_TEST(r.attempts <= 12u);
    BOOST_TEST(r.loop->status().failures == r.attempts);
}

BOOST_AUTO_TEST_CASE(F02_a_day_of_flapping_never_stops_reconnecting)
{
    rig r;
    r.start();
    const auto end = r.time.now() + 24h;
    while (r.time.now() < end) {
        BOOST_REQUIRE(r.until([&] { return r.loop->status().state == client_state::open; }, 2min));
        r.last().control.reset();
        r.settle();
    }
    // An unproven link does not reset the delay, so this is a bounded number, not a storm.
    BOOST_TEST(r.attempts > 1'000u);
    BOOST_TEST(r.attempts < 3'000u);
}

// The delays between are random, so what the silences have in common is the proxy's.
BOOST_AUTO_TEST_CASE(F12_cuts_after_the_same_silence_are_named)
{
    rig r;
    r.start();
    const auto cut_after = [&](clock::duration silence) {
        BOOST_REQUIRE(r.until([&] { return r.loop->status().state == client_state::open; }));
        r.run(1s);
        r.send(speak_event("a", "hello"));
        r.run(silence);
        r.last().control.reset();
        r.settle();
        return r.log.back();
    };
    const std::string_view named =
        "something on the way cuts idle connections; lower ping_interval";
    BOOST_TEST(cut_after(3s).find(named) == std::string::npos);
    BOOST_TEST(r.log.back().find(" silent_s=3.0") != std::string::npos);
    BOOST_TEST(cut_after(3s).find(named) != std::string::npos);
    BOOST_TEST(cut_after(3'200ms).find(named) != std::string::npos);
    BOOST_TEST(cut_after(9s).find(named) == std::string::npos);
    BOOST_TEST(cut_after(500ms).find(named) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(F12_a_peer_that_is_silent_is_no_idle_cut)
{
    rig r;
    r.start();
    for (std::size_t n = 1; n <= 3; ++n) {
        r.last().control.mute(true);
        BOOST_REQUIRE(r.until([&] { return r.peers.size() > n; }));
    }
    for (const auto& line : r.log)
        BOOST_TEST(line.find("idle connections") == std::string::npos, line);
}

BOOST_AUTO_TEST_CASE(F12_connections_that_are_lost_together_are_no_idle_cuts)
{
    idle_cuts cuts;
    const auto lost = make_error_code(errc::connection_lost);
    const clock::time_point now{1h};
    BOOST_TEST(!cuts.ended(lost, 7s, now));
    BOOST_TEST(!cuts.ended(lost, 7s, now));
    BOOST_TEST(!cuts.ended(lost, 7s, now + 6s));
    BOOST_TEST(!cuts.ended(make_error_code(errc::closed_by_peer), 7s, now + 7s));
    BOOST_TEST(cuts.ended(lost, 7s, now + 7s));
}

BOOST_AUTO_TEST_SUITE_END()
