#include "daemon/service_manager.hpp"

#include "daemon/unix_address.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <system_error>
#include <utility>

namespace aiflow {
namespace {

// Of one status; what is behind it is cut.
constexpr std::size_t status_limit = 256;

std::string status_line(std::string_view status)
{
    // A new line would begin another assignment.
    return "STATUS=" + printable(status, status_limit);
}

// Of the clock that systemd compares it with, which `steady_clock` happens to be.
std::int64_t monotonic_usec()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

}  // namespace

service_manager::service_manager(std::string notify_socket, logger log)
    : notify_socket_(std::move(notify_socket)), log_(std::move(log))
{
    if (notify_socket_.empty())
        return;
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const timeval limit{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

service_manager::~service_manager()
{
    if (socket_ >= 0)
        ::close(socket_);
}

void service_manager::ready(std::string_view text)
{
    send("READY=1\n" + status_line(text));
}

void service_manager::status(std::string_view text)
{
    send(status_line(text));
}

void service_manager::reloading()
{
    // In one datagram: systemd ignores a reload whose time comes later.
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_usec()));
}

void service_manager::stopping(std::string_view text)
{
    send("STOPPING=1\n" + status_line(text));
}

void service_manager::watchdog()
{
    send("WATCHDOG=1");
}

void service_manager::extend_timeout(std::chrono::microseconds by)
{
    send("EXTEND_TIMEOUT_USEC=" + std::to_string(by.count()));
}

void service_manager::send(const std::string& message)
{
    if (notify_socket_.empty())
        return;
    const auto to = unix_address::from_path(notify_socket_);
    int why = EDESTADDRREQ;
    while (to) {
        if (::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL, to->data(),
                     to->size()) >= 0)
            return;
        why = errno;
        if (why != EINTR)
            break;
    }
    if (std::exchange(failed_, true))
        return;
    log_.write(log_level::warning, "service.notify", "the service manager could not be told",
               {{"error", std::generic_category().message(why)},
                {"what", message.substr(0, message.find('='))}});
}

}  // namespace aiflow
