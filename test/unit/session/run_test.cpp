#include "aiflow/run.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <stdexcept>

using namespace aiflow;

namespace {

void (*handler_of(int number))(int)
{
    struct sigaction now {};
    ::sigaction(number, nullptr, &now);
    return now.sa_handler;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_until_signalled_suite)

BOOST_AUTO_TEST_CASE(it_returns_when_all_have_ended_whatever_else_there_is)
{
    const auto before = handler_of(SIGINT);
    asio::io_context io;
    asio::steady_timer other(io, std::chrono::hours{1});
    other.async_wait([](error_code) {});
    bool stopped = false;
    runnable::completion second;
    const std::vector<runnable> all{
        {[&io](runnable::completion done) {
             asio::post(io, [done] { done({}, make_error_code(errc::storage_failed)); });
         },
         [] {}},
        {[&second](runnable::completion done) { second = std::move(done); },
         [&] {
             stopped = true;
             asio::post(io, [&second] { second({}, {}); });
         }}};
    BOOST_TEST(run_until_signalled(io, all) == make_error_code(errc::storage_failed));
    BOOST_TEST(stopped);
    BOOST_TEST((handler_of(SIGINT) == before));
}

BOOST_AUTO_TEST_CASE(what_the_application_throws_leaves_no_signals_caught)
{
    const auto before = handler_of(SIGTERM);
    asio::io_context io;
    asio::post(io, [] { throw std::runtime_error("of the application"); });
    BOOST_CHECK_THROW(run_until_signalled(io, {{[](runnable::completion) {}, [] {}}}),
                      std::runtime_error);
    BOOST_TEST((handler_of(SIGTERM) == before));
}

BOOST_AUTO_TEST_SUITE_END()
