#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/error.hpp"
#include "daemon/child_command.hpp"
#include "daemon/exit_status.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <optional>

namespace aiflow {

/// A program that runs beside this one, with pipes to its stdin, stdout and stderr.
///
/// It inherits nothing else: no other descriptor, no blocked or ignored signal. It leads a session
/// of its own, so that a Ctrl-C at the terminal is not for it, and so that everything it starts
/// ends with it. When the thread that has started it ends, the kernel kills it.
///
/// From the first start on this process ignores SIGPIPE, and does not ignore SIGCHLD: what the
/// child writes to may be gone, and how it ended must be told.
/// Thread safety: none; the executor's. Needs Linux 5.11.
class child_process {
public:
    using descriptor = asio::posix::stream_descriptor;

    /// Completes when the program is being executed. Blocks for that long, which is a millisecond.
    /// Problem: what cannot be done, and the remedy; its field is `pipe.command` or
    /// `pipe.directory`.
    static checked<std::unique_ptr<child_process>> start(const asio::any_io_executor& executor,
                                                         const child_command& command);

    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    /// As `end`.
    ~child_process();

    pid_t pid() const noexcept { return pid_; }

    /// Its stdin, to write to, and its stdout and stderr, to read from. None of them blocks.
    descriptor& in() noexcept { return in_; }
    descriptor& out() noexcept { return out_; }
    descriptor& err() noexcept { return err_; }

    /// Completes when the process has ended.
    /// Cancellation: any type; completes, never throws.
    asio::awaitable<void> wait();

    /// To the child and to what it has started.
    void signal(int number) noexcept;

    /// Kills what is left of it, and leaves no zombie. Blocks while the kernel ends it.
    exit_status end() noexcept;

private:
    child_process(const asio::any_io_executor& executor, pid_t pid, int in, int out, int err,
                  int pidfd);

    pid_t pid_;
    descriptor in_;
    descriptor out_;
    descriptor err_;
    descriptor pidfd_;
    std::optional<exit_status> status_;
};

}  // namespace aiflow
