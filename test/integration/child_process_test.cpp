#include "daemon/child_process.hpp"
#include "daemon/process_hardening.hpp"
#include "open_descriptors.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace aiflow;
using aiflow::test::open_descriptors;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> read_all(child_process::descriptor& from, std::string& to)
{
    std::string bytes(4096, '\0');
    for (;;) {
        const auto [ec, got] =
            co_await from.async_read_some(asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
        to.append(bytes, 0, got);
        if (ec)
            co_return;
    }
}

asio::awaitable<void> wait_for(child_process& p, bool& ended)
{
    co_await p.wait();
    ended = true;
}

void rethrow(const std::exception_ptr& thrown)
{
    if (thrown)
        std::rethrow_exception(thrown);
}

struct process_rig {
    asio::io_context io;

    std::unique_ptr<child_process> start(const child_command& command)
    {
        auto p = child_process::start(io.get_executor(), command);
        BOOST_TEST_REQUIRE(p.has_value(), (p ? "" : to_string(p.error())));
        return std::move(*p);
    }

    /// What a script for the shell prints, and how it ends.
    std::string run(const std::string& script, exit_status* status = nullptr,
                    const std::string& directory = {})
    {
        child_command c{{"/bin/sh", "-c", script}, directory, {"PATH=/usr/bin:/bin"}};
        const auto p = start(c);
        std::string text;
        bool ended = false;
        p->in().close();
        asio::co_spawn(io, read_all(p->out(), text), rethrow);
        asio::co_spawn(io, wait_for(*p, ended), rethrow);
        io.restart();
        io.run_for(30s);
        BOOST_TEST(ended);
        const auto how = p->end();
        if (status != nullptr)
            *status = how;
        return text;
    }

    problem refusal(const child_command& command)
    {
        auto p = child_process::start(io.get_executor(), command);
        BOOST_TEST_REQUIRE(!p);
        return p.error();
    }
};

bool has_children()
{
    return ::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD;
}

bool is_alive(pid_t pid)
{
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    // What is left of an orphan may stay a zombie for a while when nobody reaps it.
    return std::getline(stat, line) && line.find(") Z ") == std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(child_process_suite)

BOOST_FIXTURE_TEST_CASE(how_it_ends_is_told, process_rig)
{
    exit_status status;
    BOOST_TEST(run("echo hello; exit 7", &status) == "hello\n");
    BOOST_TEST((status == exit_status{7, 0}));
    run("kill -SEGV $$", &status);
    BOOST_TEST((status == exit_status{0, SIGSEGV}));
    BOOST_TEST(!has_children());
}

BOOST_FIXTURE_TEST_CASE(it_inherits_three_pipes_and_nothing_else, process_rig)
{
    // Neither close-on-exec: someone else's code may open such.
    const int file = ::open("/dev/null", O_RDONLY);
    const int high = ::dup2(file, 900);
    BOOST_TEST_REQUIRE(high == 900);
    // The one more is the directory that ls reads.
    BOOST_TEST(run("exec ls /proc/self/fd") == "0\n1\n2\n3\n");
    ::close(file);
    ::close(high);
}

BOOST_FIXTURE_TEST_CASE(it_may_open_as_many_descriptors_as_the_daemon_was_started_with, process_rig)
{
    rlimit before{};
    BOOST_TEST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    BOOST_TEST_REQUIRE(before.rlim_max > 222U);
    const rlimit small{222, before.rlim_max};
    BOOST_TEST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &small) == 0);
    BOOST_TEST(run("ulimit -n") == "222\n");
    raise_descriptor_limit();
    BOOST_TEST(run("ulimit -n") == "222\n");
    BOOST_TEST(::setrlimit(RLIMIT_NOFILE, &before) == 0);
}

BOOST_FIXTURE_TEST_CASE(its_environment_is_the_given_one, process_rig)
{
    child_command c{{"/usr/bin/env"}, {}, child_environment({"A=1", "NOTIFY_SOCKET=/x"})};
    const auto p = start(c);
    std::string text;
    asio::co_spawn(io, read_all(p->out(), text), rethrow);
    io.run_for(30s);
    BOOST_TEST(text == "A=1\nAIFLOW_PIPE=1\n");
}

BOOST_FIXTURE_TEST_CASE(no_signal_is_blocked_or_ignored, process_rig)
{
    std::signal(SIGUSR1, SIG_IGN);
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    const auto text = run("exec grep -E '^Sig(Blk|Ign)' /proc/self/status");
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    std::signal(SIGUSR1, SIG_DFL);
    BOOST_TEST(text == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    sigset_t now;
    pthread_sigmask(SIG_SETMASK, nullptr, &now);
    BOOST_TEST(sigismember(&now, SIGUSR2) == 0);  // all were blocked around the fork
}

BOOST_FIXTURE_TEST_CASE(it_has_a_session_and_group_of_its_own, process_rig)
{
    std::istringstream text(run("exec cut -d' ' -f1,5,6 /proc/self/stat"));
    pid_t pid = 0;
    pid_t group = 0;
    pid_t session = 0;
    text >> pid >> group >> session;
    BOOST_TEST(pid > 0);
    BOOST_TEST(group == pid);
    BOOST_TEST(session == pid);
}

BOOST_FIXTURE_TEST_CASE(it_runs_in_its_directory, process_rig)
{
    BOOST_TEST(run("pwd -P", nullptr, "/usr/lib") == "/usr/lib\n");
}

BOOST_FIXTURE_TEST_CASE(what_it_has_started_ends_with_it, process_rig)
{
    exit_status status;
    std::istringstream text(run("sleep 1000 >/dev/null 2>&1 & echo $!", &status));
    pid_t grandchild = 0;
    text >> grandchild;
    BOOST_TEST_REQUIRE(grandchild > 0);
    BOOST_TEST((status == exit_status{0, 0}));
    for (int i = 0; i < 3000 && is_alive(grandchild); ++i)
        io.run_for(10ms);
    BOOST_TEST(!is_alive(grandchild));
}

BOOST_FIXTURE_TEST_CASE(whoever_lets_go_of_it_kills_it, process_rig)
{
    auto p = start({{"/bin/sleep", "1000"}, {}, {}});
    const auto pid = p->pid();
    BOOST_TEST(is_alive(pid));
    p.reset();
    BOOST_TEST(!std::filesystem::exists("/proc/" + std::to_string(pid)));
    BOOST_TEST(!has_children());
}

BOOST_FIXTURE_TEST_CASE(it_dies_with_the_thread_that_has_started_it, process_rig)
{
    // A daemon of its own, which says its child's number and is killed.
    int ends[2];
    BOOST_TEST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t daemon = ::fork();
    if (daemon == 0) {
        asio::io_context own;
        auto p = child_process::start(own.get_executor(), {{"/bin/sleep", "1000"}, {}, {}});
        const pid_t number = p ? (*p)->pid() : 0;
        [[maybe_unused]] const auto written = ::write(ends[1], &number, sizeof number);
        ::raise(SIGKILL);
    }
    pid_t child = 0;
    BOOST_TEST(::read(ends[0], &child, sizeof child) == static_cast<ssize_t>(sizeof child));
    ::waitpid(daemon, nullptr, 0);
    ::close(ends[0]);
    ::close(ends[1]);
    BOOST_TEST_REQUIRE(child > 0);
    for (int i = 0; i < 3000 && is_alive(child); ++i)
        io.run_for(10ms);
    BOOST_TEST(!is_alive(child));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_started_is_told_with_the_remedy, process_rig)
{
    const auto folder =
        std::filesystem::temp_directory_path() / ("aiflow-child-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    const auto file = [&](const char* name, const char* text, mode_t mode) {
        auto path = (folder / name).string();
        std::ofstream(path) << text;
        ::chmod(path.c_str(), mode);
        return path;
    };
    struct expectation {
        child_command command;
        const char* field;
        const char* text;
    };
    const std::vector<expectation> all{
        {{{"/no/such/bot"}, {}, {}}, "pipe.command", "/no/such/bot is not there"},
        {{{"no-such-bot"}, {}, {}}, "pipe.command", "nowhere in PATH"},
        {{{}, {}, {}}, "pipe.command", "is empty"},
        {{{file("plain", "#!/bin/sh\n", 0644)}, {}, {}}, "pipe.command", "chmod +x"},
        {{{file("orphan", "#!/no/such/python\n", 0755)}, {}, {}}, "pipe.command", "first line"},
        {{{file("text", "echo hello\n", 0755)}, {}, {}}, "pipe.command", "begin a script with"},
        {{{"/bin/sh"}, "/no/such/folder", {}}, "pipe.directory", "cannot be entered"}};
    const auto before = open_descriptors();
    for (const auto& e : all) {
        const auto why = refusal(e.command);
        BOOST_TEST(why.field == e.field);
        BOOST_TEST(why.text.find(e.text) != std::string::npos, why.text);
        BOOST_TEST(why.code.failed());
    }
    BOOST_TEST(open_descriptors() == before);
    BOOST_TEST(!has_children());
    std::filesystem::remove_all(folder);
}

BOOST_FIXTURE_TEST_CASE(a_hundred_leave_nothing_behind, process_rig)
{
    run("exit 0");  // what the first one needs is kept
    const auto before = open_descriptors();
    for (int i = 0; i < 100; ++i) {
        exit_status status;
        run("exit " + std::to_string(i), &status);
        BOOST_TEST_REQUIRE(status.code == i);
    }
    BOOST_TEST(open_descriptors() == before);
    BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_SUITE_END()
