#include "daemon/log_writer.hpp"

#include "daemon/unix_address.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <optional>
#include <utility>

namespace aiflow {
namespace {

constexpr int wait_ms = 100;
constexpr int waits_in_a_hurry = 5;

int open_datagram_socket()
{
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const timeval limit{0, suseconds_t{wait_ms} * 1000};
    if (fd >= 0)
        ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    return fd;
}

}  // namespace

log_writer::log_writer(int descriptor, std::string journal_socket)
    : descriptor_(descriptor), journal_socket_(std::move(journal_socket)),
      waits_left_(waits_in_a_hurry)
{
    if (!journal_socket_.empty())
        journal_ = open_datagram_socket();
}

log_writer::~log_writer()
{
    if (journal_ >= 0)
        ::close(journal_);
}

bool log_writer::wait_longer() noexcept
{
    return !hurried_ || --waits_left_ > 0;
}

bool log_writer::write_line(std::string_view line)
{
    while (!line.empty()) {
        pollfd there{descriptor_, POLLOUT, 0};
        const int ready = ::poll(&there, 1, wait_ms);
        if (ready < 0 && errno != EINTR)
            return false;
        if (ready <= 0) {
            if (!wait_longer())
                return false;
            continue;
        }
        // A pipe that is ready takes this much without blocking, but not more.
        const auto piece = std::min<std::size_t>(line.size(), PIPE_BUF);
        const auto written = ::write(descriptor_, line.data(), piece);
        if (written >= 0)
            line.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EAGAIN && errno != EINTR)
            return false;
    }
    return true;
}

bool log_writer::send_entry(std::string_view entry)
{
    const auto to = unix_address::from_path(journal_socket_);
    if (journal_ < 0 || !to)
        return false;
    // Not connected: a journal that was started anew is found without doing anything for it.
    while (::sendto(journal_, entry.data(), entry.size(), MSG_NOSIGNAL, to->data(), to->size()) < 0)
        if ((errno != EAGAIN && errno != EINTR) || !wait_longer())
            return false;
    return true;
}

}  // namespace aiflow
