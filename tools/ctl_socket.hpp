#pragma once

#include "ctl_http.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// A connection to a Unix socket, with a time limit and signals that end the waiting.
///
/// SIGINT and SIGTERM are let in only while it waits, so that none is missed. One at a time.
class ctl_socket {
public:
    /// Connects. Failure: in words, with the remedy.
    static ctl_result<ctl_socket> open(const std::string& path);

    ctl_socket(ctl_socket&& other) noexcept;
    ctl_socket& operator=(ctl_socket&&) = delete;
    ~ctl_socket();

    using time_point = std::chrono::steady_clock::time_point;

    /// False when the peer is gone or `by` has passed.
    bool write(std::string_view bytes, time_point by);

    enum class got : unsigned char { bytes, end, too_late, signal };

    /// Reads what is there, at most `size`, into `to`. Without `by`, waits for as long as it takes.
    got read(char* to, std::size_t size, std::size_t& count, std::optional<time_point> by);

private:
    explicit ctl_socket(int fd) : fd_(fd) {}
    got wait(short events, std::optional<time_point> by);

    int fd_;
};
