// The file of the control socket, and who may use it.
#include "control_socket_rig.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/test/unit_test.hpp>

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

using local = asio::local::stream_protocol;

constexpr uid_t nobody = 65534;

unsigned mode_of(const std::string& path)
{
    struct stat there {};
    BOOST_REQUIRE(::lstat(path.c_str(), &there) == 0);
    return there.st_mode & 07777;
}

// The socket file of a process that has died.
void leave_behind(asio::io_context& io, const std::string& path)
{
    local::acceptor dead(io, local::endpoint(path));
}

problem refusal(asio::io_context& io, const std::string& path)
{
    auto opened = open_control_socket(io.get_executor(), path, false);
    BOOST_REQUIRE(opened.has_error());
    BOOST_TEST(opened.error().field == "control.socket");
    return opened.error();
}

// In a process of its own: becomes `user`, asks for the status, and exits with the hundreds of the
// answer. Only system calls, since it was forked from a process with an io_context.
int ask_as(uid_t user, const std::string& path)
{
    if (::setgroups(0, nullptr) != 0 || ::setgid(user) != 0 || ::setuid(user) != 0)
        return 1;
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.data(), path.size());
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
        return 2;
    const auto request = get("/v1/status");
    char answer[16] = {};
    if (::write(fd, request.data(), request.size()) < 0 || ::read(fd, answer, 12) != 12)
        return 3;
    return answer[9] == '2' ? 20 : answer[9] == '4' ? 40 : 4;
}

int status_for(control_socket_rig& daemon, uid_t user)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(ask_as(user, daemon.path));
    int status = 0;
    daemon.net.until([&] { return ::waitpid(child, &status, WNOHANG) == child; });
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(daemon_control_socket_suite)

BOOST_AUTO_TEST_CASE(the_socket_is_for_its_user_and_group)
{
    std::string path;
    {
        control_socket_rig daemon;
        path = daemon.path;
        BOOST_TEST(mode_of(path) == 0660U);
        BOOST_TEST(daemon.ask(get("/v1/status")).find("\r\n\r\n{\"state\":\"ready\"}\n") !=
                   std::string::npos);
    }
    BOOST_TEST(!fs::exists(path));
    control_socket_rig for_others({}, true);
    BOOST_TEST(mode_of(for_others.path) == 0666U);
}

BOOST_AUTO_TEST_CASE(what_a_dead_daemon_left_is_replaced)
{
    asio::io_context io;
    temporary_directory dir;
    const std::string path = dir.path / "control.sock";
    leave_behind(io, path);
    BOOST_TEST(fs::exists(path));
    {
        const auto opened = open_control_socket(io.get_executor(), path, false);
        BOOST_TEST(opened.has_value());
        local::socket client(io);
        error_code ec;
        client.connect(local::endpoint(path), ec);
        BOOST_TEST(!ec);
    }
    BOOST_TEST(!fs::exists(path));
}

BOOST_AUTO_TEST_CASE(a_living_daemon_keeps_its_socket)
{
    control_socket_rig first;
    const auto why = refusal(first.net.io, first.path);
    BOOST_TEST(why.text.find("another process listens at " + first.path) != std::string::npos);
    BOOST_TEST(why.text.find("stop it") != std::string::npos);
    first.pass(1s);
    BOOST_TEST(first.ask(get("/v1/status")).starts_with("HTTP/1.1 200 OK"));
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_a_socket_is_left_alone)
{
    asio::io_context io;
    temporary_directory dir;
    const std::string file = dir.path / "notes.txt";
    std::ofstream(file) << "mine";
    BOOST_TEST(refusal(io, file).text.find("is no socket") != std::string::npos);
    BOOST_TEST(fs::file_size(file) == 4U);
    BOOST_TEST(refusal(io, dir.path / "none" / "s").text.find("directory has to exist") !=
               std::string::npos);
    BOOST_TEST(refusal(io, dir.path / std::string(120, 'x')).text.find("107 bytes") !=
               std::string::npos);
    BOOST_TEST(refusal(io, "").text.find("107 bytes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_socket_of_a_successor_is_not_removed)
{
    asio::io_context io;
    temporary_directory dir;
    const std::string path = dir.path / "control.sock";
    {
        const auto first = open_control_socket(io.get_executor(), path, false);
        BOOST_REQUIRE(first.has_value());
        fs::rename(path, path + ".old");  // keeps its inode from being used again
        leave_behind(io, path);
    }
    BOOST_TEST(fs::exists(path));
}

BOOST_AUTO_TEST_CASE(users_are_known_by_their_names)
{
    const auto access = resolve_users({"nobody"});
    BOOST_REQUIRE(access.has_value());
    BOOST_TEST(access->allows(0));
    BOOST_TEST(access->allows(::geteuid()));
    BOOST_TEST(access->allows(nobody));
    BOOST_TEST(!access->allows(12345));
    const auto unknown = resolve_users({"nobody", "no-such-user"});
    BOOST_REQUIRE(unknown.has_error());
    BOOST_TEST(unknown.error().field == "control.users");
    BOOST_TEST(unknown.error().text.find("no-such-user") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_is_not_named_is_refused)
{
    // Not even this process itself.
    control_socket_rig daemon(peer_access{{::geteuid() + 1}});
    for (int n = 0; n < 30; ++n) {
        auto peer = daemon.knock();
        peer.send(get("/v1/status"));
        BOOST_TEST(peer.receives("not_permitted"));
        BOOST_TEST(peer.received().starts_with("HTTP/1.1 403 Forbidden"));
        BOOST_TEST(peer.received().find("ready") == std::string::npos);
    }
    // Who knocks often must not fill the log.
    BOOST_TEST(daemon.logged("control.refused from=uid " + std::to_string(::geteuid())) == 10U);
}

BOOST_AUTO_TEST_CASE(the_kernel_says_who_asks,
                     *boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
                         boost::test_tools::assertion_result may(::geteuid() == 0);
                         may.message() << "only root can become somebody else";
                         return may;
                     }))
{
    {
        control_socket_rig daemon(resolve_users({}).value(), true);
        BOOST_TEST(status_for(daemon, nobody) == 40);
        BOOST_TEST(daemon.logged("control.refused from=uid 65534") == 1U);
    }
    {
        control_socket_rig daemon(resolve_users({"nobody"}).value(), true);
        BOOST_TEST(status_for(daemon, nobody) == 20);
        BOOST_TEST(daemon.logged("control.refused") == 0U);
    }
    control_socket_rig daemon(resolve_users({}).value());
    BOOST_TEST(status_for(daemon, nobody) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
