#include "daemon/secret_file.hpp"
#include "test_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace aiflow;
using aiflow::test::test_directory;

namespace {

// What is said about a file of that content and mode, without its path.
std::string about(const std::string& content, unsigned mode = 0600)
{
    const test_directory dir;
    dir.write("token", content, mode);
    const auto token = read_token(dir.path("token"), {});
    if (token)
        return "read: " + std::string(token->reveal());
    BOOST_TEST(token.error().field == dir.path("token"));
    std::string text = token.error().text;
    if (!content.empty())
        BOOST_TEST(text.find(content) == std::string::npos, "repeats the content");
    if (const auto at = text.find(dir.path("token")); at != std::string::npos)
        text.replace(at, dir.path("token").size(), "PATH");
    return text;
}

constexpr std::string_view several = "holds a control character or more than one line; it has to "
                                     "hold the token and nothing else, as `printf %s TOKEN` "
                                     "writes it";

}  // namespace

BOOST_AUTO_TEST_SUITE(secret_file_suite)

BOOST_AUTO_TEST_CASE(one_line_is_read)
{
    BOOST_TEST(about("tok-en") == "read: tok-en");
    BOOST_TEST(about("tok-en\n") == "read: tok-en");
    BOOST_TEST(about("tok en", 0400) == "read: tok en");
    const std::string longest(4096, 'x');
    BOOST_TEST(about(longest + "\n") == "read: " + longest);
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused)
{
    BOOST_TEST(about("") == "is empty; write the token into it");
    BOOST_TEST(about("\n") == "is empty; write the token into it");
    for (const std::string& content :
         std::vector<std::string>{"tok\n\n", "tok\r\n", "tok\nen", std::string("tok\0en", 6),
                                  std::string("tok\x1b"), std::string("tok\x7f")})
        BOOST_TEST(about(content) == several);
    for (const std::string content : {"tok-en ", " tok-en", "tok-en \n"})
        BOOST_TEST(about(content) ==
                   "has a blank before or behind the token, which HTTP would drop; take it out");
    for (const std::size_t size : {std::size_t{4097}, std::size_t{100'000}})
        BOOST_TEST(about(std::string(size, 'x')) ==
                   "is longer than 4096 bytes; it has to hold the token and nothing else");
}

BOOST_AUTO_TEST_CASE(a_file_that_others_can_read_is_refused)
{
    for (const unsigned mode : {0644U, 0604U, 0660U, 0602U, 0700U | 0001U})
        BOOST_TEST(about("tok-en", mode).starts_with("is open to others than its owner (mode 0"));
    BOOST_TEST(about("tok-en", 0644) ==
               "is open to others than its owner (mode 0644), and may be known to them; run "
               "`chmod 600 PATH`, and think of a new token");
    // A credential of systemd is root's, and readable for a group.
    const std::string group = about("tok-en", 0440);
    if (::geteuid() == 0)
        BOOST_TEST(group == "read: tok-en");
    else
        BOOST_TEST(group.starts_with("is open to others than its owner (mode 0440)"));
}

BOOST_AUTO_TEST_CASE(credentials_have_names)
{
    const test_directory dir;
    dir.write("api-token", "tok-en\n", 0400);
    const daemon_environment e{.credentials_directory = dir.path("")};
    const auto token = read_token("credential:api-token", e);
    BOOST_TEST_REQUIRE(token.has_value());
    BOOST_TEST(token->matches("tok-en"));
    for (const std::string name : {"", ".", "..", "../x", "/etc/passwd"})
        BOOST_TEST(read_token("credential:" + name, e).error().text ==
                   "is no name of a credential; write `credential:NAME`, with the NAME of a "
                   "LoadCredential=NAME:PATH in the unit");
    BOOST_TEST(read_token("credential:other", e).error().text ==
               "cannot be read: No such file or directory; it has to be there, and readable for "
               "the daemon's user");
    BOOST_TEST(to_string(read_token("credential:api-token", {}).error()) ==
               "credential:api-token: needs $CREDENTIALS_DIRECTORY, which is not set; add "
               "LoadCredential=api-token:PATH to the unit, or give the path of a file");
}

// A FIFO must not stop the daemon, even when nobody writes to it.
BOOST_AUTO_TEST_CASE(only_regular_files_are_read)
{
    const test_directory dir;
    BOOST_TEST_REQUIRE(::mkfifo(dir.path("fifo").c_str(), 0600) == 0);
    for (const std::string& path : {dir.path("fifo"), dir.path(""), std::string("/dev/null")})
        BOOST_TEST(read_token(path, {}).error().text ==
                   "is no regular file; give the path of a file that holds the token");
}

BOOST_AUTO_TEST_SUITE_END()
