#pragma once

#include <atomic>
#include <string>
#include <string_view>

namespace aiflow {

/// Brings finished log lines to a descriptor or to the journal's socket.
///
/// Waits while whoever reads is slow, without making the descriptor nonblocking: that would change
/// it for everybody who has it, as a terminal's shell.
///
/// Thread safety: `hurry` from any thread; the rest from one. Lifetime: the descriptor stays the
/// caller's.
class log_writer {
public:
    /// Without `journal_socket`, a path, `send_entry` always fails.
    log_writer(int descriptor, std::string journal_socket);
    log_writer(const log_writer&) = delete;
    log_writer& operator=(const log_writer&) = delete;
    ~log_writer();

    /// Whether the whole line was written.
    bool write_line(std::string_view line);

    /// Whether the journal took the datagram. If not, it is not there, or it was too slow.
    bool send_entry(std::string_view entry);

    /// From here on waits half a second in all, since the process is about to end.
    void hurry() noexcept { hurried_ = true; }

private:
    bool wait_longer() noexcept;

    int descriptor_;
    int journal_ = -1;
    std::string journal_socket_;
    std::atomic<bool> hurried_ = false;
    int waits_left_;
};

}  // namespace aiflow
