#include "ctl_socket.hpp"

#include "aiflow/log.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace {

using aiflow::printable;

volatile std::sig_atomic_t signalled = 0;

void note_signal(int)
{
    signalled = 1;
}

// From here on, the two signals come while `ppoll` waits, and at no other time.
void hold_signals()
{
    struct sigaction action {};
    action.sa_handler = note_signal;
    sigset_t held;
    sigemptyset(&held);
    for (const int signal : {SIGINT, SIGTERM}) {
        ::sigaction(signal, &action, nullptr);
        sigaddset(&held, signal);
    }
    ::sigprocmask(SIG_BLOCK, &held, nullptr);
}

ctl_failure no_connection(const std::string& path, int why)
{
    const std::string where = printable(path);
    switch (why) {
    case ENOENT:
    case ECONNREFUSED:
    case ENOTDIR:
        return {exit_unavailable,
                "no daemon listens at " + where +
                    "; see whether it runs with \"systemctl status aiflowd\", or name another "
                    "socket with --socket or $AIFLOWD_SOCKET"};
    case EACCES:
    case EPERM:
        return {exit_not_permitted, "may not use " + where +
                                        "; run this as root, or have your user added to "
                                        "control.users in the daemon's configuration"};
    default:
        return {exit_unavailable,
                where + " cannot be used: " + std::generic_category().message(why)};
    }
}

}  // namespace

ctl_result<ctl_socket> ctl_socket::open(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return ctl_failure{exit_usage, "--socket: the path of a socket has 1 to " +
                                           std::to_string(sizeof address.sun_path - 1) + " bytes"};
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    ctl_socket s(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (s.fd_ < 0 ||
        ::connect(s.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return no_connection(path, errno);
    hold_signals();
    return s;
}

ctl_socket::ctl_socket(ctl_socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

ctl_socket::~ctl_socket()
{
    if (fd_ >= 0)
        ::close(fd_);
}

ctl_socket::got ctl_socket::wait(short events, std::optional<time_point> by)
{
    using namespace std::chrono;
    pollfd what{.fd = fd_, .events = events, .revents = 0};
    sigset_t none;
    sigemptyset(&none);
    for (;;) {
        timespec left{};
        if (by) {
            const auto ns = duration_cast<nanoseconds>(*by - steady_clock::now()).count();
            if (ns <= 0)
                return got::too_late;
            left = {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
        }
        const int n = ::ppoll(&what, 1, by ? &left : nullptr, &none);
        if (signalled != 0)
            return got::signal;
        if (n > 0)
            return got::bytes;
        if (n < 0 && errno != EINTR)
            return got::end;
    }
}

bool ctl_socket::write(std::string_view bytes, time_point by)
{
    while (!bytes.empty()) {
        if (wait(POLLOUT, by) != got::bytes)
            return false;
        const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    }
    return true;
}

ctl_socket::got ctl_socket::read(char* to, std::size_t size, std::size_t& count,
                                 std::optional<time_point> by)
{
    for (;;) {
        if (const got ready = wait(POLLIN, by); ready != got::bytes)
            return ready;
        const auto n = ::recv(fd_, to, size, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        count = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
        return n > 0 ? got::bytes : got::end;
    }
}
