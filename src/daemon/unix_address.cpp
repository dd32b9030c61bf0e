#include "daemon/unix_address.hpp"

#include <algorithm>
#include <cstddef>

namespace aiflow {

std::optional<unix_address> unix_address::from_path(std::string_view path) noexcept
{
    unix_address a;
    // One byte stays free, for the end of a path.
    if (path.size() < 2 || path.size() >= sizeof(a.address_.sun_path))
        return {};
    if (path.front() != '/' && path.front() != '@')
        return {};
    a.address_.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), a.address_.sun_path);
    // An abstract name begins with a zero, and ends where the size says; a path ends with a zero.
    const bool is_abstract = path.front() == '@';
    if (is_abstract)
        a.address_.sun_path[0] = '\0';
    a.size_ = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() +
                                     (is_abstract ? 0U : 1U));
    return a;
}

}  // namespace aiflow
