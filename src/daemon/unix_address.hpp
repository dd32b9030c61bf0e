#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <optional>
#include <string_view>

namespace aiflow {

/// Where a Unix socket is: a path in the file system, or with `@` before it, in the abstract name
/// space.
class unix_address {
public:
    /// Nothing when `path` begins with neither `/` nor `@`, or is too long for a socket.
    static std::optional<unix_address> from_path(std::string_view path) noexcept;

    const sockaddr* data() const noexcept { return reinterpret_cast<const sockaddr*>(&address_); }
    socklen_t size() const noexcept { return size_; }

private:
    sockaddr_un address_{};
    socklen_t size_ = 0;
};

}  // namespace aiflow
