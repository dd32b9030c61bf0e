#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aiflow::bench {

/// A descriptor that is closed with the object.
class descriptor {
public:
    explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept;
    ~descriptor() { close(); }

    int get() const noexcept { return fd_; }
    int release() noexcept;
    void close() noexcept;

private:
    int fd_;
};

/// `system_error` of `errno`.
[[noreturn]] void throw_errno(const char* what);

/// Raises the limit of this process, which its children inherit, as far as it takes.
/// Throws `system_error` when so many are not allowed.
void allow_descriptors(std::size_t wanted);

/// Begins to dial 127.0.0.1. `nth`: spreads connections over several source addresses, since one
/// address has too few ports for all the connections that are still in TIME_WAIT.
descriptor dial_loopback(std::uint16_t port, std::size_t nth);

descriptor listen_on_loopback();
std::uint16_t port_of(const descriptor& listener);

/// Nothing (-1) when nobody is waiting.
descriptor accept_from(const descriptor& listener);

}  // namespace aiflow::bench
