#pragma once

#include "aiflow/error.hpp"
#include "aiflow/log.hpp"
#include "outbox/database.hpp"

#include <memory>
#include <string>

namespace aiflow {

/// The directory of an outbox, held for this process alone.
///
/// Thread safety: none. Lifetime: what it opens must go before it.
class outbox_files {
public:
    /// Makes the directory if need be (0700) and takes its lock. Throws `failure`:
    /// `storage_locked`, `storage_failed`, `invalid_value`.
    explicit outbox_files(std::string directory);
    outbox_files(const outbox_files&) = delete;
    outbox_files& operator=(const outbox_files&) = delete;
    ~outbox_files();

    /// Opens the file (0600) for `max_bytes` and checks it. One that is damaged is set aside, with
    /// a loud line, and a new one is begun. Throws `failure`: `storage_newer`, `storage_failed`.
    std::unique_ptr<database> open(std::size_t max_bytes, const logger& log) const;

private:
    std::string file() const { return directory_ + "/outbox.sqlite"; }
    std::unique_ptr<database> try_open(std::size_t max_bytes) const;
    void set_aside(const logger& log) const;

    std::string directory_;
    int lock_ = -1;
};

}  // namespace aiflow
