#pragma once

#include "aiflow/log.hpp"
#include "daemon/config.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace aiflow {

struct log_output_options {
    log_format format = log_format::automatic;
    int descriptor = 2;               ///< where lines go
    std::string journal_stream = {};  ///< `$JOURNAL_STREAM`
    std::string journal_socket = "/run/systemd/journal/socket";
    std::size_t queue = 1024;  ///< lines; a fixed amount of memory, half a KiB for each
};

/// Writes what is logged, in a thread of its own, so that whoever logs never waits for whoever
/// reads. When more lines wait than the queue holds, the oldest are lost; how many is counted and
/// logged as `log.lost` as soon as lines get through again.
///
/// Lines go to the descriptor: with a priority for a supervisor, with the time when it is a
/// terminal, or as JSON. For the journal they are entries with fields; one that it does not take
/// goes to the descriptor.
///
/// Thread safety: any thread. Lifetime: must outlive every copy of its logger; it ends with what
/// still waits, for which it takes half a second at most when nobody reads.
class log_output {
public:
    explicit log_output(log_output_options options = {});
    log_output(const log_output&) = delete;
    log_output& operator=(const log_output&) = delete;
    ~log_output();

    logger make_logger(log_level threshold) const;

    /// What `automatic` has come to be.
    log_format format() const noexcept;

    /// Lines that nobody will read.
    std::uint64_t lost() const;

private:
    class queue;

    std::unique_ptr<queue> queue_;
};

}  // namespace aiflow
