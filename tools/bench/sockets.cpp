#include "bench/sockets.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace aiflow::bench {

namespace {

constexpr std::size_t source_addresses = 32;
constexpr int backlog = 4096;

sockaddr_in loopback(std::uint32_t last_byte, std::uint16_t port)
{
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + last_byte);
    return a;
}

void switch_on(int fd, int level, int option)
{
    const int on = 1;
    if (::setsockopt(fd, level, option, &on, sizeof on) != 0)
        throw_errno("setsockopt");
}

descriptor new_socket()
{
    descriptor s(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (s.get() < 0)
        throw_errno("socket");
    switch_on(s.get(), IPPROTO_TCP, TCP_NODELAY);
    return s;
}

const sockaddr* as_address(const sockaddr_in& a)
{
    return reinterpret_cast<const sockaddr*>(&a);
}

}  // namespace

descriptor& descriptor::operator=(descriptor&& other) noexcept
{
    close();
    fd_ = other.release();
    return *this;
}

int descriptor::release() noexcept
{
    return std::exchange(fd_, -1);
}

void descriptor::close() noexcept
{
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

void throw_errno(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

void allow_descriptors(std::size_t wanted)
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw_errno("getrlimit");
    if (limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted;
    limit.rlim_max = std::max<rlim_t>(limit.rlim_max, wanted);
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
        throw_errno("not enough descriptors are allowed (see ulimit -n)");
}

descriptor dial_loopback(std::uint16_t port, std::size_t nth)
{
    auto s = new_socket();
    // The port is chosen when it dials, when the peer is known, so that it may serve others too.
    switch_on(s.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    const auto from = loopback(1 + static_cast<std::uint32_t>(nth % source_addresses), 0);
    if (::bind(s.get(), as_address(from), sizeof from) != 0)
        throw_errno("bind");
    const auto to = loopback(1, port);
    if (::connect(s.get(), as_address(to), sizeof to) != 0 && errno != EINPROGRESS)
        throw_errno("connect");
    return s;
}

descriptor listen_on_loopback()
{
    auto s = new_socket();
    const auto here = loopback(1, 0);
    if (::bind(s.get(), as_address(here), sizeof here) != 0)
        throw_errno("bind");
    if (::listen(s.get(), backlog) != 0)
        throw_errno("listen");
    return s;
}

std::uint16_t port_of(const descriptor& listener)
{
    sockaddr_in a{};
    socklen_t size = sizeof a;
    if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&a), &size) != 0)
        throw_errno("getsockname");
    return ntohs(a.sin_port);
}

descriptor accept_from(const descriptor& listener)
{
    descriptor s(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (s.get() >= 0)
        switch_on(s.get(), IPPROTO_TCP, TCP_NODELAY);
    return s;
}

}  // namespace aiflow::bench
