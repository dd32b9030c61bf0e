#include "datagram_peer.hpp"

#include "daemon/unix_address.hpp"

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>

namespace aiflow::test {

scratch_folder::scratch_folder()
    : folder_((std::filesystem::temp_directory_path() / "aiflow-XXXXXX").string())
{
    BOOST_REQUIRE(::mkdtemp(folder_.data()));
}

scratch_folder::~scratch_folder()
{
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

datagram_peer::datagram_peer(const std::string& path)
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
{
    const auto at = unix_address::from_path(path);
    BOOST_REQUIRE(at);
    BOOST_REQUIRE(::bind(socket_, at->data(), at->size()) == 0);
}

datagram_peer::~datagram_peer()
{
    ::close(socket_);
}

std::vector<std::string> datagram_peer::take()
{
    std::vector<std::string> all;
    std::array<char, 262'144> buffer{};
    for (;;) {
        const auto n = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (n < 0)
            return all;
        all.emplace_back(buffer.data(), static_cast<std::size_t>(n));
    }
}

std::string datagram_peer::wait_for_one()
{
    pollfd there{socket_, POLLIN, 0};
    std::array<char, 262'144> buffer{};
    if (::poll(&there, 1, 10'000) != 1)
        return {};
    const auto n = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(n, 0))};
}

pipe_pair::pipe_pair()
{
    BOOST_REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
}

pipe_pair::~pipe_pair()
{
    close_read_end();
    ::close(ends_[1]);
}

void pipe_pair::fill()
{
    const std::string block(4096, '.');
    ::fcntl(ends_[1], F_SETFL, O_NONBLOCK);
    while (::write(ends_[1], block.data(), block.size()) > 0) {
    }
    ::fcntl(ends_[1], F_SETFL, 0);
}

std::string pipe_pair::stream() const
{
    struct stat s {};
    BOOST_REQUIRE(::fstat(ends_[1], &s) == 0);
    return std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino);
}

std::string pipe_pair::take()
{
    int waiting = 0;
    BOOST_REQUIRE(::ioctl(ends_[0], FIONREAD, &waiting) == 0);
    std::string all(static_cast<std::size_t>(waiting), '\0');
    BOOST_REQUIRE(::read(ends_[0], all.data(), all.size()) == waiting);
    return all;
}

std::string pipe_pair::wait_for(std::string_view text)
{
    std::string all;
    while (all.find(text) == std::string::npos) {
        pollfd there{ends_[0], POLLIN, 0};
        BOOST_REQUIRE(::poll(&there, 1, 10'000) == 1);
        all += take();
    }
    return all;
}

void pipe_pair::close_read_end()
{
    if (ends_[0] >= 0)
        ::close(ends_[0]);
    ends_[0] = -1;
}

}  // namespace aiflow::test
