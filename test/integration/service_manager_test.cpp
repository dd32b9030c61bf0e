#include "daemon/process_hardening.hpp"
#include "daemon/service_environment.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/unix_address.hpp"

#include "datagram_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using lines = std::vector<std::string>;

namespace {

long long monotonic_usec()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000LL + now.tv_nsec / 1'000;
}

class descriptor {
public:
    explicit descriptor(int fd) : fd_(fd) { BOOST_REQUIRE(fd >= 0); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { ::close(fd_); }

    int number() const noexcept { return fd_; }

private:
    int fd_;
};

service_environment with_sockets(const std::string& count, const std::string& names, int first)
{
    service_environment e;
    e.process = ::getpid();
    e.listen_pid = std::to_string(e.process);
    e.listen_fds = count;
    e.listen_fdnames = names;
    e.first_descriptor = first;
    return e;
}

// The exit code of `body` in a process of its own, since what it changes cannot be taken back.
int in_a_child(const std::function<int()>& body)
{
    const auto pid = ::fork();
    BOOST_REQUIRE(pid >= 0);
    if (pid == 0)
        ::_exit(body());
    int status = 0;
    BOOST_REQUIRE(::waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(service_manager_suite)

BOOST_AUTO_TEST_CASE(addresses_byte_by_byte)
{
    const auto path = unix_address::from_path("/ab");
    const auto abstract = unix_address::from_path("@ab");
    BOOST_REQUIRE(path);
    BOOST_REQUIRE(abstract);
    const auto bytes_of = [](const unix_address& a) {
        return std::string(reinterpret_cast<const char*>(a.data()), a.size())
            .substr(offsetof(sockaddr_un, sun_path));
    };
    BOOST_TEST(path->data()->sa_family == AF_UNIX);
    BOOST_TEST(bytes_of(*path) == "/ab\0"s);
    BOOST_TEST(bytes_of(*abstract) == "\0ab"s);
    BOOST_TEST(unix_address::from_path("@" + std::string(106, 'x')).has_value());
    for (const auto& wrong : {""s, "/"s, "ab"s, "@"s, "@" + std::string(107, 'x')})
        BOOST_TEST(!unix_address::from_path(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(what_is_told_at_a_path_and_at_an_abstract_name)
{
    const scratch_folder folder;
    for (const auto& name : {folder.path("notify"), "@aiflow-test-" + std::to_string(::getpid())}) {
        datagram_peer systemd(name);
        service_manager m(name, {});
        m.extend_timeout(45s);
        m.ready("2 calls");
        m.status("3 calls");
        m.watchdog();
        m.stopping("3 calls left");
        BOOST_TEST(systemd.take() ==
                       (lines{"EXTEND_TIMEOUT_USEC=45000000", "READY=1\nSTATUS=2 calls",
                              "STATUS=3 calls", "WATCHDOG=1", "STOPPING=1\nSTATUS=3 calls left"}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_reload_has_its_time_in_the_same_datagram)
{
    const scratch_folder folder;
    datagram_peer systemd(folder.path("notify"));
    service_manager m(folder.path("notify"), {});
    const auto before = monotonic_usec();
    m.reloading();
    const auto after = monotonic_usec();
    const auto told = systemd.take();
    const std::string begin = "RELOADING=1\nMONOTONIC_USEC=";
    BOOST_REQUIRE(told.size() == 1U);
    BOOST_REQUIRE(told[0].starts_with(begin));
    const auto when = std::stoll(told[0].substr(begin.size()));
    BOOST_TEST(before <= when);
    BOOST_TEST(when <= after);
}

BOOST_AUTO_TEST_CASE(a_status_is_one_line_and_short)
{
    const scratch_folder folder;
    datagram_peer systemd(folder.path("notify"));
    service_manager m(folder.path("notify"), {});
    m.status("one\nMAINPID=1");
    m.status(std::string(1'000, 'x'));
    const auto told = systemd.take();
    BOOST_REQUIRE(told.size() == 2U);
    BOOST_TEST(told[0] == "STATUS=one\\x0aMAINPID=1");
    BOOST_TEST(told[1] == "STATUS=" + std::string(253, 'x') + "...");
}

BOOST_AUTO_TEST_CASE(trouble_with_systemd_is_logged_once)
{
    const scratch_folder folder;
    for (const auto& name :
         {folder.path("nobody"), std::string("relative"), std::string("/") + std::string(200, 'x'),
          std::string("vsock:2:1234")}) {
        lines logged;
        service_manager m(name, logger([&](const log_record& r) {
                              logged.push_back(std::string(r.id) + " " + r.fields[1].value);
                          }));
        m.ready("text");
        m.watchdog();
        BOOST_TEST(logged == (lines{"service.notify READY"}), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(without_systemd_nothing_happens)
{
    lines logged;
    service_manager m("", logger([&](const log_record& r) { logged.emplace_back(r.id); }));
    m.ready("text");
    m.reloading();
    BOOST_TEST(logged.empty());
}

BOOST_AUTO_TEST_CASE(sockets_that_were_handed_over)
{
    const std::string name = "@aiflow-listen-" + std::to_string(::getpid());
    const descriptor first(::socket(AF_UNIX, SOCK_STREAM, 0));
    const descriptor second(::socket(AF_INET, SOCK_STREAM, 0));
    BOOST_REQUIRE(second.number() == first.number() + 1);
    const auto at = unix_address::from_path(name);
    BOOST_REQUIRE(::bind(first.number(), at->data(), at->size()) == 0);

    auto found = listen_descriptors(with_sockets("1", "", first.number()));
    BOOST_REQUIRE(!found);
    BOOST_TEST(to_string(found.error()) ==
               "LISTEN_FDS: descriptor " + std::to_string(first.number()) +
                   ": does not listen; the socket unit needs ListenStream= and Accept=no");

    BOOST_REQUIRE(::listen(first.number(), 1) == 0);
    BOOST_REQUIRE(::listen(second.number(), 1) == 0);
    found = listen_descriptors(with_sockets("2", "ws:other", first.number()));
    BOOST_REQUIRE(found);
    BOOST_REQUIRE(found->size() == 2U);
    BOOST_TEST((*found)[0].descriptor == first.number());
    BOOST_TEST((*found)[0].name == "ws");
    BOOST_TEST((*found)[1].descriptor == second.number());
    BOOST_TEST((*found)[1].name == "other");
    for (const descriptor* d : {&first, &second})
        BOOST_TEST((::fcntl(d->number(), F_GETFD) & FD_CLOEXEC) != 0);
    found = listen_descriptors(with_sockets("2", "", first.number()));
    BOOST_REQUIRE(found);
    BOOST_TEST((*found)[1].name == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_listening_stream_socket_is_refused)
{
    const descriptor datagram(::socket(AF_INET, SOCK_DGRAM, 0));
    const pipe_pair pipe;
    const auto refusal = [](int fd) {
        const auto found = listen_descriptors(with_sockets("1", "", fd));
        return found ? std::string() : found.error().text;
    };
    BOOST_TEST(refusal(datagram.number()).starts_with("is not a stream socket; "));
    BOOST_TEST(refusal(pipe.write_end()).starts_with("is not a stream socket; "));
    BOOST_TEST(refusal(1'000'000).starts_with("is not open; "));
}

BOOST_AUTO_TEST_CASE(a_hardened_process)
{
    BOOST_TEST(in_a_child([] {
                   std::signal(SIGPIPE, SIG_DFL);
                   ::umask(0);
                   if (harden_process())
                       return 1;
                   rlimit core{1, 1};
                   if (::getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 ||
                       core.rlim_max != 0)
                       return 2;
                   if (::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
                       return 3;
                   if (::umask(0) != 0077)
                       return 4;
                   int ends[2];
                   if (::pipe(ends) != 0 || ::close(ends[0]) != 0 || ::write(ends[1], "x", 1) != -1)
                       return 5;
                   return 0;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(the_limit_of_descriptors_is_raised_and_told)
{
    BOOST_TEST(in_a_child([] {
                   rlimit files{};
                   ::getrlimit(RLIMIT_NOFILE, &files);
                   files.rlim_cur = 64;
                   ::setrlimit(RLIMIT_NOFILE, &files);
                   if (descriptor_limit_before())
                       return 1;
                   raise_descriptor_limit();
                   rlimit now{};
                   ::getrlimit(RLIMIT_NOFILE, &now);
                   if (now.rlim_cur != files.rlim_max || now.rlim_max != files.rlim_max)
                       return 2;
                   raise_descriptor_limit();
                   const auto before = descriptor_limit_before();
                   return before && before->rlim_cur == 64 ? 0 : 3;
               }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
