#pragma once

#include "aiflow/log.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace aiflow {

/// Tells systemd how the service is, by the protocol of sd_notify(3).
///
/// Does nothing when the process was started by somebody else. That systemd could not be told is
/// logged once, as `service.notify`, and never an error of the caller's.
///
/// A status is one short line for `systemctl status`; it carries counts, no names and numbers
/// (reliability.md S22).
///
/// Thread safety: none. Waits a second at most, when systemd does not read.
class service_manager {
public:
    /// `notify_socket` is `$NOTIFY_SOCKET`: a path, or `@` and an abstract name.
    service_manager(std::string notify_socket, logger log);
    service_manager(const service_manager&) = delete;
    service_manager& operator=(const service_manager&) = delete;
    ~service_manager();

    /// The service does its work, from here on or again after `reloading`.
    void ready(std::string_view status);

    void status(std::string_view status);

    /// The configuration is being read again; `ready` has to follow, also when it was refused.
    void reloading();

    /// The process is about to end.
    void stopping(std::string_view status);

    /// The main loop works.
    void watchdog();

    /// Start, reload or stop needs so much time from now on.
    void extend_timeout(std::chrono::microseconds by);

private:
    void send(const std::string& message);

    std::string notify_socket_;
    logger log_;
    int socket_ = -1;
    bool failed_ = false;
};

}  // namespace aiflow
