#include "daemon/child_command.hpp"

#include "daemon/exit_status.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace aiflow;

using texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(child_command_suite)

BOOST_AUTO_TEST_CASE(the_environment_goes_on_without_what_is_the_daemons_own)
{
    const texts got = child_environment({"PATH=/bin", "NOTIFY_SOCKET=/run/n", "LISTEN_FDS=1",
                                         "LISTEN_PID=7", "LISTEN_FDNAMES=x", "WATCHDOG_USEC=1",
                                         "WATCHDOG_PID=7", "CREDENTIALS_DIRECTORY=/run/c",
                                         "LISTENER=mine", "AIFLOW_PIPE=2", "LANG=C"});
    const texts expected{"PATH=/bin", "LISTENER=mine", "LANG=C", "AIFLOW_PIPE=1"};
    BOOST_TEST(got == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_program_is_looked_for_like_a_shell_would)
{
    BOOST_TEST(find_program("sh", "/nowhere:/bin:/usr/bin").value_or("") == "/bin/sh");
    BOOST_TEST(find_program("./bot", "/bin").value_or("") == "./bot");
    BOOST_TEST(find_program("/no/such", "").value_or("") == "/no/such");
}

BOOST_AUTO_TEST_CASE(but_not_where_anybody_may_put_one)
{
    BOOST_TEST(!find_program("sh", ""));
    BOOST_TEST(!find_program("sh", "::bin:."));
    BOOST_TEST(!find_program("no-such-program", "/bin:/usr/bin"));
    BOOST_TEST(!find_program("passwd", "/etc"));  // not executable
    BOOST_TEST(!find_program("bin", "/:/usr"));   // a directory
}

BOOST_AUTO_TEST_CASE(an_end_is_told_in_words)
{
    BOOST_TEST(to_string(exit_status{0, 0}) == "exited with 0");
    BOOST_TEST(to_string(exit_status{127, 0}) == "exited with 127");
    BOOST_TEST(to_string(exit_status{0, SIGSEGV}) == "was killed by SIGSEGV");
    BOOST_TEST(to_string(exit_status{0, SIGKILL}) == "was killed by SIGKILL");
    BOOST_TEST(to_string(exit_status{0, 40}) == "was killed by signal 40");
}

BOOST_AUTO_TEST_SUITE_END()
