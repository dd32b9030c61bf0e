#pragma once

#include "bench/sockets.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace aiflow::bench {

/// The cores that this process may use, in order.
std::vector<int> allowed_cores();

/// Keeps the calling thread, and what it starts, on these cores.
/// Throws `system_error` when that is not allowed.
void stay_on(const std::vector<int>& cores);

/// A program in a process of its own, on its own cores, that is killed with the object, and with
/// this process. Its standard output is read here; its standard error goes where this one's goes.
class application {
public:
    /// Throws `system_error` when there can be no process. A program that cannot be run ends by
    /// itself.
    application(const std::vector<std::string>& command, const std::vector<int>& cores);
    application(const application&) = delete;
    application& operator=(const application&) = delete;
    ~application();

    /// The next line that it prints.
    /// Throws `runtime_error` when it has ended, or when nothing comes in `patience`.
    std::string line(std::chrono::milliseconds patience);

    /// What follows after `key` and a blank in its next line; throws as `line`, and when the line
    /// is another one.
    std::string value(const std::string& key, std::chrono::milliseconds patience);

    /// Throws `runtime_error` when it has ended by itself.
    void expect_running();

    /// Nanoseconds of processor time of all its threads.
    std::uint64_t cpu_ns() const;

    std::uint64_t resident_bytes() const;

private:
    pid_t pid_ = -1;
    descriptor output_;
    std::string pending_;
};

}  // namespace aiflow::bench
