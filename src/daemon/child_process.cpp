#include "daemon/child_process.hpp"

#include "aiflow/log.hpp"
#include "daemon/execute.hpp"
#include "daemon/process_hardening.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace aiflow {

namespace {

/// A descriptor of the system, until somebody takes it.
class owned_fd {
public:
    explicit owned_fd(int fd = -1) noexcept : fd_(fd) {}
    owned_fd(owned_fd&& from) noexcept : fd_(from.release()) {}
    owned_fd& operator=(owned_fd&& from) noexcept
    {
        reset(from.release());
        return *this;
    }
    ~owned_fd() { reset(); }

    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept
    {
        if (fd_ >= 0)
            ::close(fd_);
        fd_ = fd;
    }

private:
    int fd_;
};

struct channel {
    owned_fd read;
    owned_fd write;

    bool open() noexcept
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return false;
        read.reset(ends[0]);
        write.reset(ends[1]);
        return true;
    }
};

struct channels {
    channel in, out, err, report;

    bool open() noexcept { return in.open() && out.open() && err.open() && report.open(); }
};

/// No handler of this process may run in the child: Asio's would write to a pipe that both share.
class all_signals_blocked {
public:
    all_signals_blocked() noexcept
    {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~all_signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    all_signals_blocked(const all_signals_blocked&) = delete;
    all_signals_blocked& operator=(const all_signals_blocked&) = delete;

private:
    sigset_t before_{};
};

void prepare_signals()
{
    std::signal(SIGPIPE, SIG_IGN);
    // Whoever has started the daemon may have left this one ignored; the kernel would then reap,
    // and nobody could tell how a child has ended.
    struct sigaction now {};
    if (::sigaction(SIGCHLD, nullptr, &now) == 0 && now.sa_handler == SIG_IGN)
        std::signal(SIGCHLD, SIG_DFL);
}

std::vector<char*> pointers(const std::vector<std::string>& texts)
{
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const std::string& t : texts)
        result.push_back(const_cast<char*>(t.c_str()));  // as execve has it; it changes nothing
    result.push_back(nullptr);
    return result;
}

/// What the child says before it becomes the program; nothing when it has become it.
execution_failure read_report(int fd) noexcept
{
    execution_failure report;
    ssize_t got = 0;
    do
        got = ::read(fd, &report, sizeof report);
    while (got < 0 && errno == EINTR);
    return got == sizeof report ? report : execution_failure{};
}

problem system_problem(int error, std::string field, const std::string& what)
{
    const error_code code(error, boost::system::system_category());
    return {code, std::move(field), what + ": " + code.message()};
}

problem why_not(const execution_failure& f, const std::string& program,
                const child_command& command)
{
    if (f.where == execution_failure::directory)
        return system_problem(f.error, "pipe.directory",
                              printable(command.directory) +
                                  " cannot be entered; name a directory that the daemon's user "
                                  "may enter");
    if (f.where != execution_failure::program)
        return system_problem(f.error, "pipe.command", "a child process cannot be prepared");
    const char* remedy = "cannot be executed";
    switch (f.error) {
    case ENOENT:
        remedy = "is not there, or the program that its first line (#!) names is not; give the "
                 "full path";
        break;
    case EACCES:
        remedy = "may not be executed; chmod +x it, and let the daemon's user read it and enter "
                 "its directories";
        break;
    case ENOEXEC:
        remedy = "is no program; begin a script with a line such as #!/usr/bin/python3";
        break;
    default:
        break;
    }
    return system_problem(f.error, "pipe.command", printable(program) + ' ' + remedy);
}

}  // namespace

checked<std::unique_ptr<child_process>> child_process::start(const asio::any_io_executor& executor,
                                                             const child_command& command)
{
    if (command.arguments.empty())
        return problem{errc::invalid_value, "pipe.command", "is empty; give a program to run"};
    const char* path = std::getenv("PATH");
    const auto program = find_program(command.arguments.front(), path != nullptr ? path : "");
    if (!program)
        return system_problem(ENOENT, "pipe.command",
                              printable(command.arguments.front()) +
                                  " is nowhere in PATH; give the full path");
    prepare_signals();

    const auto arguments = pointers(command.arguments);
    const auto environment = pointers(command.environment);
    channels c;
    if (!c.open())
        return system_problem(errno, "pipe.command", "there are no pipes for a child process");
    const execution what{program->c_str(),
                         arguments.data(),
                         environment.data(),
                         command.directory.empty() ? nullptr : command.directory.c_str(),
                         descriptor_limit_before(),
                         {c.in.read.get(), c.out.write.get(), c.err.write.get()},
                         ::getpid()};
    pid_t pid = -1;
    int error = 0;
    {
        const all_signals_blocked quiet;
        pid = ::fork();
        error = errno;
        if (pid == 0) {
            const auto failed = execute(what);
            [[maybe_unused]] const auto written =
                ::write(c.report.write.get(), &failed, sizeof failed);
            ::_exit(127);
        }
    }
    if (pid < 0)
        return system_problem(error, "pipe.command", "no process can be made");
    // Without these the ends of the child would be noticed by nobody.
    c.in.read.reset();
    c.out.write.reset();
    c.err.write.reset();
    c.report.write.reset();

    // glibc 2.36 declares its pidfd_open for C alone.
    owned_fd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    error = errno;
    const auto failed = pidfd.get() < 0 ? execution_failure{} : read_report(c.report.read.get());
    if (pidfd.get() < 0 || failed.where != execution_failure::none) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        if (pidfd.get() < 0)
            return system_problem(error, "pipe.command", "the process cannot be watched");
        return why_not(failed, *program, command);
    }
    return std::unique_ptr<child_process>(new child_process(executor, pid, c.in.write.release(),
                                                            c.out.read.release(),
                                                            c.err.read.release(), pidfd.release()));
}

child_process::child_process(const asio::any_io_executor& executor, pid_t pid, int in, int out,
                             int err, int pidfd)
    : pid_(pid), in_(executor, in), out_(executor, out), err_(executor, err),
      pidfd_(executor, pidfd)
{
    in_.non_blocking(true);
    out_.non_blocking(true);
    err_.non_blocking(true);
}

child_process::~child_process()
{
    end();
}

asio::awaitable<void> child_process::wait()
{
    if (!status_)
        co_await pidfd_.async_wait(descriptor::wait_read, asio::as_tuple(asio::use_awaitable));
}

void child_process::signal(int number) noexcept
{
    // While it has not been reaped, the number can belong to no other group.
    if (!status_)
        ::kill(-pid_, number);
}

exit_status child_process::end() noexcept
{
    if (status_)
        return *status_;
    // It goes on although it has ended: what it has started may live, and hold its pipes.
    signal(SIGKILL);
    siginfo_t info{};
    int result = 0;
    do
        result = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED);
    while (result != 0 && errno == EINTR);
    status_ = info.si_code == CLD_EXITED ? exit_status{info.si_status, 0}
                                         : exit_status{0, info.si_status};
    return *status_;
}

}  // namespace aiflow
