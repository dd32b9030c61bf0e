#pragma once

namespace aiflow {

/// How aiflowd ends; sysexits(3) where there is one (reliability.md section 7). systemd starts it
/// again after all but 0, `usage` and `config`.
enum class exit_code : int {
    drained = 0,
    usage = 64,        ///< the command line is wrong
    unavailable = 69,  ///< an address, or the control socket, cannot be had
    storage = 74,      ///< the outbox cannot be read or written
    locked = 75,       ///< another process has the outbox
    config = 78,       ///< the configuration, or a file that it names, is wrong
};

}  // namespace aiflow
