#pragma once

#include "aiflow/error.hpp"

#include <sys/resource.h>

#include <optional>

namespace aiflow {

/// Keeps the memory of the process, which holds tokens and numbers, out of core dumps and away from
/// other processes of its user (reliability.md S26); makes new files its own alone; and lets a
/// write to a peer that has gone be an error instead of the end.
///
/// To be called at the start, before files are made. A child inherits the umask and, unless it is
/// reset, the ignored SIGPIPE. Problem: a core dump is still possible; the rest is done all the
/// same.
std::optional<problem> harden_process();

/// Lets the process open as many descriptors as it may.
void raise_descriptor_limit();

/// What the limit was before it was raised; nothing while it is as it was. Children are given it
/// back: programs that use select(2) break above 1024.
std::optional<rlimit> descriptor_limit_before() noexcept;

}  // namespace aiflow
