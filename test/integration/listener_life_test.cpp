// How a listener begins and ends, and the port that it takes for that time.
#include "listener_rig.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <unistd.h>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(life_of_a_listener)

BOOST_AUTO_TEST_CASE(stopping_lets_calls_end)
{
    listener_rig r;
    auto call = r.dial_in().value();
    r.send(*call, start("a"));
    r.next(*call);
    r.service->stop();
    settle(r.net.io);
    BOOST_TEST((r.service->status().state == listener_state::stopping));
    r.send(*call, speak_event("a", "bye"));
    BOOST_TEST(spoken(r.next(*call)) == "after bye");
    BOOST_TEST(!r.finished);
    r.send(*call, plain("session_end", "a"));
    BOOST_TEST(r.next(*call) == "end 1001");
    call.reset();
    BOOST_TEST(r.until([&] { return r.finished.has_value(); }));
    BOOST_TEST(!*r.finished);
    BOOST_TEST((r.service->status().state == listener_state::stopped));
}

BOOST_AUTO_TEST_CASE(stopping_waits_no_longer_than_it_may)
{
    listener_rig r;
    auto call = r.dial_in().value();
    r.send(*call, start("a"));
    r.next(*call);
    auto idle = r.knock();
    BOOST_TEST(r.until([&] { return r.service->status().open == 2; }));
    r.service->stop();
    settle(r.net.io);
    r.pass(20s);
    BOOST_TEST(r.next(*call) == "end 1001");
    call.reset();
    BOOST_TEST(idle.sees_end());
    BOOST_TEST(r.until([&] { return r.finished.has_value(); }));
    BOOST_TEST(r.bot->ends.size() == 1U);
}

BOOST_AUTO_TEST_CASE(aborting_waits_for_nobody)
{
    listener_options o;
    o.http_path = "/events";
    listener_rig r(o);
    auto call = r.dial_in().value();
    r.send(*call, start("a"));
    r.next(*call);
    BOOST_TEST(r.answer_to(post("/events", start("b"), "X-API-TOKEN: s3cret\r\n")) ==
               "HTTP/1.1 200 OK");
    r.service->abort();
    BOOST_TEST(r.until([&] { return r.finished.has_value(); }));
    BOOST_TEST(r.bot->alive == 0);
}

// Time stands still here, too: not even what a drain may take is waited for.
BOOST_AUTO_TEST_CASE(a_cancellation_waits_for_nobody)
{
    for (const auto how : {asio::cancellation_type::terminal, asio::cancellation_type::total}) {
        listener_rig r;
        auto call = r.dial_in().value();
        r.send(*call, start("a"));
        r.next(*call);
        r.cancel.emit(how);
        BOOST_TEST(r.until([&] { return r.finished.has_value(); }));
        BOOST_TEST(!*r.finished);
        BOOST_TEST((r.service->status().state == listener_state::stopped));
    }
}

BOOST_AUTO_TEST_CASE(it_runs_once)
{
    listener_rig r;
    r.service->stop();
    BOOST_TEST(r.until([&] { return r.finished.has_value(); }));
    std::optional<error_code> again;
    r.service->async_run([&](std::exception_ptr, error_code ec) { again = ec; });
    BOOST_TEST(r.until([&] { return again.has_value(); }));
    BOOST_TEST(*again == asio::error::already_started);
}

BOOST_AUTO_TEST_CASE(its_port_is_free_when_it_is_gone)
{
    loopback net;
    listener_options o;
    o.port = 0;
    std::size_t lines = 0;
    o.log = logger([&lines](const log_record& r) { lines += r.level == log_level::error ? 1 : 0; },
                   log_level::debug);
    o.time = &net.time;  // stands still
    for (const bool runs : {false, true}) {
        std::optional<listener> first(std::in_place, net.io, o);
        BOOST_REQUIRE(!first->open().has_error());
        o.port = first->port();
        std::optional<error_code> ended;
        first->async_run([&ended](std::exception_ptr, error_code ec) { ended = ec; });
        if (runs)
            settle(net.io);
        first.reset();
        listener second(net.io, o);
        BOOST_TEST(!second.open().has_error());
        BOOST_TEST(net.until([&ended] { return ended.has_value(); }));
        BOOST_TEST(!*ended);
    }
    BOOST_TEST(lines == 0U);
}

// Time stands still, so it ends only if nothing is waited for.
BOOST_AUTO_TEST_CASE(a_listener_that_nobody_has_called_stops_at_once)
{
    listener_rig r;
    r.pass(1s);
    r.service->stop();
    BOOST_TEST(r.until([&] { return r.finished.has_value(); }));
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken)
{
    listener_rig r;
    listener_options o;
    o.port = r.service->port();
    listener other(r.net.io, o);
    const auto opened = other.open();
    BOOST_REQUIRE(opened.has_error());
    BOOST_TEST(to_string(opened.error()) == "port: 127.0.0.1:" + std::to_string(o.port) +
                                                " is taken by another program; stop it, or choose "
                                                "another port");
}

BOOST_AUTO_TEST_CASE(two_that_share_a_port)
{
    loopback net;
    listener_options o;
    o.port = 0;
    o.share_port = true;
    listener first(net.io, o);
    BOOST_REQUIRE(!first.open().has_error());
    o.port = first.port();
    listener second(net.io, o);
    BOOST_TEST(!second.open().has_error());
}

BOOST_AUTO_TEST_CASE(a_socket_that_was_inherited)
{
    loopback net;
    const int listening = ::dup(net.acceptor.native_handle());
    const auto port = net.port();
    net.acceptor.close();
    listener_options o;
    o.descriptor = listening;
    listener_rig r(o);
    BOOST_TEST(r.service->port() == port);
    auto call = r.dial_in().value();
    r.send(*call, start("a"));
    BOOST_TEST(spoken(r.next(*call)) == "after start");

    o.descriptor = ::open("/dev/null", 0);
    listener other(net.io, o);
    BOOST_TEST(to_string(other.open().error()) ==
               "descriptor: " + std::to_string(*o.descriptor) + " is no TCP socket that listens");
    ::close(*o.descriptor);
}

BOOST_AUTO_TEST_SUITE_END()
