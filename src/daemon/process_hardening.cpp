#include "daemon/process_hardening.hpp"

#include <sys/prctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>

namespace aiflow {
namespace {

// The limit belongs to the process as well.
std::optional<rlimit> limit_before;

problem no_protection(const char* what)
{
    return {make_error_code(errc::invalid_value), what,
            std::generic_category().message(errno) +
                "; a core dump could hold tokens and phone numbers: forbid it from outside"};
}

}  // namespace

std::optional<problem> harden_process()
{
    ::umask(S_IRWXG | S_IRWXO);
    std::signal(SIGPIPE, SIG_IGN);
    std::optional<problem> wrong;
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_CORE, &none) != 0)
        wrong = no_protection("RLIMIT_CORE");
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        wrong = no_protection("PR_SET_DUMPABLE");
    return wrong;
}

void raise_descriptor_limit()
{
    rlimit now{};
    if (::getrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur == now.rlim_max)
        return;
    const rlimit wanted{now.rlim_max, now.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0)
        limit_before = now;
}

std::optional<rlimit> descriptor_limit_before() noexcept
{
    return limit_before;
}

}  // namespace aiflow
