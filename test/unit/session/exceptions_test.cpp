// What throws, of the application or for want of memory, ends as little as possible.
#include "rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <new>

using namespace aiflow;
using namespace aiflow::test;

namespace {

asio::awaitable<void> break_down()
{
    throw std::bad_alloc();
    co_return;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exceptions)

BOOST_AUTO_TEST_CASE(a_connection_that_is_out_of_memory_is_lost_and_opened_again)
{
    rig r;
    r.start();
    r.send(start("a"));
    r.last().client_control.exhaust();
    r.send(speak_event("a", "one"));
    r.run(2s);
    BOOST_TEST(r.logged("connection.lost"));
    BOOST_REQUIRE(r.peers.size() == 2u);
    BOOST_TEST(r.loop->home().snapshot().open_connections == 1u);
    r.send(speak_event("a", "two"));
    BOOST_TEST(r.bot->journal.back() == "two");
    BOOST_TEST(r.bot->gaps.size() == 1u);
    r.loop->stop();
    r.run(1min);
    BOOST_TEST(r.finished.has_value());
}

BOOST_AUTO_TEST_CASE(an_attempt_that_is_out_of_memory_has_failed_like_any_other)
{
    rig r;
    r.out_of_memory = true;
    r.start();
    BOOST_TEST(r.logged("connection.failed"));
    r.out_of_memory = false;
    r.run(2s);
    BOOST_TEST(r.peers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_cannot_go_on_ends_with_the_exception)
{
    rig r;
    std::exception_ptr thrown;
    asio::co_spawn(r.io, r.loop->home().watch_during(break_down()),
                   [&thrown](std::exception_ptr, std::exception_ptr t) { thrown = t; });
    r.settle();
    BOOST_REQUIRE(thrown);
    BOOST_CHECK_THROW(std::rethrow_exception(thrown), std::bad_alloc);
}

BOOST_AUTO_TEST_CASE(a_handler_that_cannot_be_made_is_missed_by_its_own_call_only)
{
    rig r;
    r.loop->home().serve([bot = r.bot](session call) -> std::unique_ptr<handler> {
        if (call.id() == "a")
            throw 42;
        return std::make_unique<scripted_handler>(std::move(call), bot);
    });
    r.start();
    r.send(start("a"));
    r.send(speak_event("b", "hello"));
    BOOST_TEST(r.bot->journal.back() == "hello");
    BOOST_TEST(r.logged("session.handler_failed"));
    BOOST_TEST(r.loop->home().snapshot().handler_errors == 1u);
    BOOST_TEST(r.peers.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
