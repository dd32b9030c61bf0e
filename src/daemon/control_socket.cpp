#include "daemon/control_socket.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace aiflow {

namespace {

constexpr mode_t only_others = 0117;
constexpr mode_t nobody_kept_out = 0111;

problem refused(std::string field, std::string text, error_code ec = errc::invalid_value)
{
    return {ec, std::move(field), std::move(text)};
}

error_code last_error()
{
    return {errno, boost::system::system_category()};
}

// Not by Asio: it waits when the queue of the listener is full.
error_code knock(const std::string& path)
{
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, path.data(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return last_error();
    const int result = ::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name);
    const auto ec = result == 0 ? error_code() : last_error();
    ::close(fd);
    return ec;
}

// Removes what a dead process has left. Problem: something that must stay is there.
std::optional<problem> make_room(const std::string& path)
{
    const std::string field = "control.socket";
    struct stat there {};
    if (::lstat(path.c_str(), &there) != 0)
        return std::nullopt;  // whatever is wrong with the path shows at once
    if (!S_ISSOCK(there.st_mode))
        return refused(field, path + " is there and is no socket; give another path");
    const auto ec = knock(path);
    if (!ec || ec == boost::system::errc::resource_unavailable_try_again)
        return refused(field,
                       "another process listens at " + path +
                           "; stop it, or give each daemon a control.socket of its own",
                       asio::error::address_in_use);
    if (ec != boost::system::errc::connection_refused)
        return refused(field,
                       path + " belongs to somebody else (" + ec.message() +
                           "); remove it, or give another path",
                       ec);
    if (::unlink(path.c_str()) != 0)
        return refused(field,
                       path + " was left by a dead process and cannot be removed (" +
                           last_error().message() + "); remove it",
                       last_error());
    return std::nullopt;
}

void close_on_exec(int fd)
{
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

}  // namespace

socket_file::socket_file(std::string path) : path_(std::move(path))
{
    struct stat there {};
    if (::lstat(path_.c_str(), &there) == 0) {
        device_ = there.st_dev;
        inode_ = there.st_ino;
    }
}

socket_file::socket_file(socket_file&& other) noexcept
    : path_(std::exchange(other.path_, {})), device_(other.device_), inode_(other.inode_)
{
}

socket_file& socket_file::operator=(socket_file&& other) noexcept
{
    if (this != &other) {
        remove();
        path_ = std::exchange(other.path_, {});
        device_ = other.device_;
        inode_ = other.inode_;
    }
    return *this;
}

void socket_file::remove() noexcept
{
    struct stat there {};
    if (!path_.empty() && ::lstat(path_.c_str(), &there) == 0 && there.st_dev == device_ &&
        there.st_ino == inode_)
        ::unlink(path_.c_str());
    path_.clear();
}

checked<control_socket> open_control_socket(const asio::any_io_executor& executor,
                                            const std::string& path, bool for_others)
{
    using local = asio::local::stream_protocol;
    if (path.empty() || path.size() >= sizeof(sockaddr_un{}.sun_path) ||
        path.find('\0') != std::string::npos)
        return refused("control.socket", "is no path of 1 to 107 bytes; give a shorter one");
    if (auto occupied = make_room(path))
        return std::move(*occupied);
    local::acceptor acceptor(executor);
    error_code ec;
    acceptor.open(local(), ec);
    if (!ec) {
        // The mode is that of the file from its beginning, so that nobody slips in before.
        const auto before = ::umask(for_others ? nobody_kept_out : only_others);
        acceptor.bind(local::endpoint(path), ec);
        ::umask(before);
    }
    if (ec)
        return refused("control.socket",
                       path + " cannot be made (" + ec.message() +
                           "); its directory has to exist, and to be writable for this user",
                       ec);
    close_on_exec(acceptor.native_handle());
    control_socket opened{stream_acceptor(executor), socket_file(path)};
    acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        return refused("control.socket", path + ": " + ec.message(), ec);
    opened.acceptor = std::move(acceptor);
    return opened;
}

checked<stream_acceptor> open_metrics_port(const asio::any_io_executor& executor,
                                           const std::string& address, std::uint16_t port)
{
    using asio::ip::tcp;
    error_code ec;
    const auto ip = asio::ip::make_address(address, ec);
    if (ec)
        return refused("metrics.address", "is no IP address; give one such as 127.0.0.1");
    const tcp::endpoint where(ip, port);
    tcp::acceptor acceptor(executor);
    acceptor.open(where.protocol(), ec);
    if (!ec)
        acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec)
        acceptor.bind(where, ec);
    if (!ec)
        acceptor.listen(asio::socket_base::max_listen_connections, ec);
    const auto place = address + " port " + std::to_string(port);
    if (ec == asio::error::address_in_use)
        return refused("metrics.port",
                       place + " is taken by another program; stop it, or choose another port", ec);
    if (ec == asio::error::access_denied)
        return refused("metrics.port", place + " needs privileges; take a port from 1024", ec);
    if (ec)
        return refused("metrics.address", place + ": " + ec.message(), ec);
    close_on_exec(acceptor.native_handle());
    return stream_acceptor(std::move(acceptor));
}

}  // namespace aiflow
