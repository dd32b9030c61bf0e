#pragma once

#include "aiflow/error.hpp"
#include "aiflow/log.hpp"
#include "outbox/sms_table.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace aiflow {

/// Carries out changes of a table in a thread of its own. Everything that waits goes into one
/// commit, so that many changes share what makes them durable.
///
/// Thread safety: `change`, `query` and `broken` from any thread. Errors of SQLite become those of
/// `storage_error`.
class commit_thread {
public:
    struct change_type {
        /// An error is this change's own; a `database_error` undoes the whole commit.
        std::function<error_code(sms_table&)> apply;
        /// Called in the thread, once it is durable or has failed.
        std::function<void(error_code)> done;
        bool urgent = true;  ///< else it may wait for others, for half a second
    };

    /// `table` must outlive it, and belongs to it.
    commit_thread(sms_table& table, logger log, std::size_t max_waiting);
    /// Carries out what waits.
    ~commit_thread();
    commit_thread(const commit_thread&) = delete;
    commit_thread& operator=(const commit_thread&) = delete;

    /// False: too much waits already; nothing will be called.
    bool change(change_type c);

    /// Called in the thread, behind the changes that wait now; must not throw.
    void query(std::function<void(sms_table&)> q);

    /// The disk has failed: what was written may be lost, and nothing is written any more.
    bool broken() const noexcept { return broken_; }

private:
    void run();
    void commit(std::vector<change_type>& batch);
    error_code try_commit(std::span<change_type> batch, std::span<error_code> own);

    sms_table& table_;
    logger log_;
    std::size_t max_waiting_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<change_type> changes_;
    std::deque<std::function<void(sms_table&)>> queries_;
    std::size_t urgent_ = 0;
    bool stopping_ = false;
    bool untidy_ = false;  // the log of SQLite holds what was deleted since
    std::atomic<bool> broken_ = false;
    std::thread thread_;
};

}  // namespace aiflow
