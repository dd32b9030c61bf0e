#include "daemon/service_environment.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace aiflow {
namespace {

// More is no number of sockets that anybody meant.
constexpr int most_descriptors = 1024;

std::string take(const char* name)
{
    const char* value = std::getenv(name);
    std::string text(value ? value : "");
    ::unsetenv(name);
    return text;
}

template <class Number>
std::optional<Number> to_number(std::string_view text)
{
    Number n{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec != std::errc() || end != text.data() + text.size())
        return {};
    return n;
}

problem wrong_socket(std::string place, const std::string& what)
{
    return {make_error_code(errc::invalid_value), std::move(place),
            what + "; the socket unit needs ListenStream= and Accept=no"};
}

std::optional<int> socket_option(int descriptor, int name)
{
    int value = 0;
    socklen_t size = sizeof(value);
    if (::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) != 0)
        return {};
    return value;
}

std::string cut_first(std::string_view& names)
{
    const auto end = names.find(':');
    std::string first(names.substr(0, end));
    names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
    return first;
}

}  // namespace

service_environment take_service_environment()
{
    return {.notify_socket = take("NOTIFY_SOCKET"),
            .watchdog_usec = take("WATCHDOG_USEC"),
            .watchdog_pid = take("WATCHDOG_PID"),
            .listen_fds = take("LISTEN_FDS"),
            .listen_pid = take("LISTEN_PID"),
            .listen_fdnames = take("LISTEN_FDNAMES"),
            .journal_stream = take("JOURNAL_STREAM"),
            .process = ::getpid()};
}

std::optional<std::chrono::microseconds> watchdog_interval(const service_environment& e)
{
    if (!e.watchdog_pid.empty() && to_number<pid_t>(e.watchdog_pid) != e.process)
        return {};
    const auto limit = to_number<std::int64_t>(e.watchdog_usec);
    if (!limit || *limit < 2)
        return {};
    return std::chrono::microseconds(*limit / 2);
}

checked<std::vector<listen_descriptor>> listen_descriptors(const service_environment& e)
{
    std::vector<listen_descriptor> found;
    if (e.listen_fds.empty() || to_number<pid_t>(e.listen_pid) != e.process)
        return found;
    const auto count = to_number<int>(e.listen_fds);
    if (!count || *count < 0 || *count > most_descriptors)
        return problem{make_error_code(errc::invalid_value), "LISTEN_FDS",
                       "is not a number of sockets; systemd sets it"};
    std::string_view names = e.listen_fdnames;
    for (int fd = e.first_descriptor; fd < e.first_descriptor + *count; ++fd) {
        const auto place = "LISTEN_FDS: descriptor " + std::to_string(fd);
        if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
            return wrong_socket(place, "is not open");
        if (socket_option(fd, SO_TYPE) != SOCK_STREAM)
            return wrong_socket(place, "is not a stream socket");
        if (socket_option(fd, SO_ACCEPTCONN) != 1)
            return wrong_socket(place, "does not listen");
        found.push_back({fd, cut_first(names)});
    }
    return found;
}

}  // namespace aiflow
