// Every rejected option is named with what it may be.
#include "aiflow/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

client_options good()
{
    client_options o;
    o.url = "ws://127.0.0.1:8080/stream";
    return o;
}

std::string complaint(const client_options& o)
{
    const auto wrong = validate(o);
    return wrong ? to_string(*wrong) : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(the_defaults_are_good)
{
    BOOST_TEST(complaint(good()) == "");
}

BOOST_AUTO_TEST_CASE(each_range_is_checked_and_told)
{
    auto o = good();
    o.sessions.grace = 2h;
    BOOST_TEST(complaint(o) == "sessions.grace: must be 0 to 3600000 ms, not 7200000");
    o = good();
    o.sessions.grace = 1min;
    BOOST_TEST(complaint(o) == "sms.grace: must be as long as sessions.grace, 60000 ms, so that an "
                               "SMS waits for its call as long as the call itself");
    o.sessions.sms.grace = 1min;
    BOOST_TEST(complaint(o) == "");
    o.sessions.queue_events = 0;
    BOOST_TEST(complaint(o) == "sessions.queue_events: must be 1 to 1000000, not 0");
    o = good();
    o.connection.ping_interval = 0ms;
    BOOST_TEST(complaint(o) == "connection.ping_interval: must be 100 to 3600000 ms, not 0");
    o = good();
    o.connection.queue_bytes = 1;
    BOOST_TEST(complaint(o) == "connection.queue_bytes: must be 1024 to 4294967296, not 1");
    o = good();
    o.drain = -1ms;
    BOOST_TEST(complaint(o) == "drain: must be 0 to 86400000 ms, not -1");
    o = good();
    o.sessions.sms.max_attempts = 0;
    BOOST_TEST(complaint(o).find("max_attempts") != std::string::npos);
    o = good();
    o.url = "http://127.0.0.1/";
    BOOST_TEST(complaint(o).find("url") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_does_not_start_with_bad_options)
{
    asio::io_context io;
    auto o = good();
    o.sessions.farewell = 5min;
    BOOST_CHECK_EXCEPTION(client(io, o), failure, [](const failure& e) {
        return e.what_is_wrong().field == "sessions.farewell" && e.code() == errc::invalid_value;
    });
}

BOOST_AUTO_TEST_SUITE_END()
