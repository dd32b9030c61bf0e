#include "daemon/service_environment.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <string>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

service_environment with_watchdog(std::string usec, std::string pid = {})
{
    service_environment e;
    e.process = 42;
    e.watchdog_usec = std::move(usec);
    e.watchdog_pid = std::move(pid);
    return e;
}

service_environment with_sockets(std::string count, std::string pid)
{
    service_environment e;
    e.process = 42;
    e.listen_fds = std::move(count);
    e.listen_pid = std::move(pid);
    return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(service_environment_suite)

BOOST_AUTO_TEST_CASE(the_watchdog_is_fed_twice_as_often_as_it_bites)
{
    BOOST_TEST((watchdog_interval(with_watchdog("30000000")) == 15s));
    BOOST_TEST((watchdog_interval(with_watchdog("30000000", "42")) == 15s));
    BOOST_TEST((watchdog_interval(with_watchdog("3")) == 1us));
    BOOST_TEST((watchdog_interval(with_watchdog("86400000000")) == 12h));
}

BOOST_AUTO_TEST_CASE(there_is_no_watchdog_without_one_for_this_process)
{
    BOOST_TEST(!watchdog_interval({}));
    BOOST_TEST(!watchdog_interval(with_watchdog("30000000", "43")));
    BOOST_TEST(!watchdog_interval(with_watchdog("30000000", "42x")));
    for (const char* usec : {"", "0", "1", "-5", "x", "30s", " 30000000", "99999999999999999999"})
        BOOST_TEST(!watchdog_interval(with_watchdog(usec)), usec);
}

BOOST_AUTO_TEST_CASE(sockets_of_another_process_are_not_taken)
{
    for (const auto& e :
         {service_environment(), with_sockets("1", ""), with_sockets("1", "43"),
          with_sockets("1", "x"), with_sockets("", "42"), with_sockets("0", "42")}) {
        const auto found = listen_descriptors(e);
        BOOST_REQUIRE(found);
        BOOST_TEST(found->empty());
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_number_of_sockets_is_named)
{
    for (const char* count : {"x", "-1", "1025", "99999999999", "1 "}) {
        const auto found = listen_descriptors(with_sockets(count, "42"));
        BOOST_REQUIRE(!found);
        BOOST_TEST(to_string(found.error()) ==
                   "LISTEN_FDS: is not a number of sockets; systemd sets it");
    }
}

BOOST_AUTO_TEST_CASE(what_is_taken_from_the_environment_is_not_there_for_children)
{
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS",
                             "LISTEN_PID", "LISTEN_FDNAMES", "JOURNAL_STREAM"})
        ::setenv(name, (std::string("of ") + name).c_str(), 1);
    const auto e = take_service_environment();
    BOOST_TEST(e.notify_socket == "of NOTIFY_SOCKET");
    BOOST_TEST(e.watchdog_usec == "of WATCHDOG_USEC");
    BOOST_TEST(e.watchdog_pid == "of WATCHDOG_PID");
    BOOST_TEST(e.listen_fds == "of LISTEN_FDS");
    BOOST_TEST(e.listen_pid == "of LISTEN_PID");
    BOOST_TEST(e.listen_fdnames == "of LISTEN_FDNAMES");
    BOOST_TEST(e.journal_stream == "of JOURNAL_STREAM");
    BOOST_TEST(e.process > 0);
    BOOST_TEST(e.first_descriptor == 3);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS",
                             "LISTEN_PID", "LISTEN_FDNAMES", "JOURNAL_STREAM"})
        BOOST_TEST(!std::getenv(name), name);
    BOOST_TEST(take_service_environment().notify_socket.empty());
}

BOOST_AUTO_TEST_SUITE_END()
