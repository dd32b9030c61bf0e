#include "daemon/peer_access.hpp"

#include "aiflow/log.hpp"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace aiflow {

namespace {

checked<uid_t> user_named(const std::string& name)
{
    std::array<char, 16384> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    const int error = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr)
        return entry.pw_uid;
    const std::string why =
        error == 0 ? "" : error_code(error, boost::system::system_category()).message();
    return problem{make_error_code(errc::invalid_value), "control.users",
                   "\"" + printable(name, 64) + "\" is no user of this system" +
                       (why.empty() ? "" : " (" + why + ")") + "; create it, or leave it out"};
}

}  // namespace

bool peer_access::allows(uid_t user) const noexcept
{
    return std::find(users.begin(), users.end(), user) != users.end();
}

checked<peer_access> resolve_users(const std::vector<std::string>& names)
{
    peer_access access{{0, ::geteuid()}};
    for (const auto& name : names) {
        const auto user = user_named(name);
        if (!user)
            return user.error();
        access.users.push_back(*user);
    }
    return access;
}

std::optional<uid_t> peer_user(int socket) noexcept
{
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return std::nullopt;
    return peer.uid;
}

}  // namespace aiflow
