#include "daemon/execute.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace aiflow {

namespace {

// Handlers would run in the child until it has become the program, and what is ignored stays so.
void reset_signals() noexcept
{
    struct sigaction as_usual {};
    as_usual.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number)
        ::sigaction(number, &as_usual, nullptr);
    sigset_t nothing;
    ::sigemptyset(&nothing);
    ::sigprocmask(SIG_SETMASK, &nothing, nullptr);
}

// The ends of the pipes may be 0, 1 or 2 themselves when the daemon runs without such, so they
// move out of the way first.
bool set_streams(std::array<int, 3> streams) noexcept
{
    for (int& s : streams) {
        s = ::fcntl(s, F_DUPFD_CLOEXEC, 3);
        if (s < 0)
            return false;
    }
    for (int target = 0; target < 3; ++target) {
        if (::dup2(streams[static_cast<std::size_t>(target)], target) < 0)
            return false;
    }
    return true;
}

}  // namespace

execution_failure execute(const execution& what) noexcept
{
    using failure = execution_failure;
    ::setsid();
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return {failure::parent_gone, errno};
    // It may have ended just before, and then no signal comes any more.
    if (::getppid() != what.parent)
        return {failure::parent_gone, ESRCH};
    if (!set_streams(what.streams))
        return {failure::streams, errno};
    if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        return {failure::descriptors, errno};
    if (what.descriptors && ::setrlimit(RLIMIT_NOFILE, &*what.descriptors) != 0)
        return {failure::descriptors, errno};
    if (what.directory != nullptr && ::chdir(what.directory) != 0)
        return {failure::directory, errno};
    reset_signals();
    ::execve(what.program, what.arguments, what.environment);
    return {failure::program, errno};
}

}  // namespace aiflow
