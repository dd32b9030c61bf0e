#include "outbox/commit_thread.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace aiflow {

namespace {

// How long what is not urgent waits for company, and how long nothing must happen before tidying.
constexpr std::chrono::milliseconds gathering{500};

// Of one commit, so that the first of many is not kept waiting for the last.
constexpr std::size_t max_batch = 1024;

// Errors after which nobody knows what the disk holds (reliability.md 3.6).
bool is_fatal(int code)
{
    const int primary = code & 0xff;
    return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

}  // namespace

commit_thread::commit_thread(sms_table& table, logger log, std::size_t max_waiting)
    : table_(table), log_(std::move(log)), max_waiting_(max_waiting), thread_([this] { run(); })
{
}

commit_thread::~commit_thread()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool commit_thread::change(change_type c)
{
    {
        const std::lock_guard lock(mutex_);
        if (changes_.size() >= max_waiting_)
            return false;
        urgent_ += c.urgent ? 1U : 0U;
        changes_.push_back(std::move(c));
    }
    wake_.notify_one();
    return true;
}

void commit_thread::query(std::function<void(sms_table&)> q)
{
    {
        const std::lock_guard lock(mutex_);
        queries_.push_back(std::move(q));
    }
    wake_.notify_one();
}

void commit_thread::run()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        const auto due = [this] { return stopping_ || urgent_ > 0 || !queries_.empty(); };
        if (changes_.empty() && !untidy_)
            wake_.wait(lock, [&] { return due() || !changes_.empty(); });
        if (!due())
            wake_.wait_for(lock, gathering, due);
        if (stopping_ && changes_.empty() && queries_.empty())
            return;
        const auto n = std::min(changes_.size(), max_batch);
        const auto end = changes_.begin() + static_cast<std::ptrdiff_t>(n);
        std::vector<change_type> batch(std::make_move_iterator(changes_.begin()),
                                       std::make_move_iterator(end));
        changes_.erase(changes_.begin(), end);
        for (const auto& c : batch)
            urgent_ -= c.urgent ? 1U : 0U;
        auto asked = changes_.empty() ? std::exchange(queries_, {}) : decltype(queries_)();
        lock.unlock();
        if (!batch.empty())
            commit(batch);
        for (const auto& q : asked)
            q(table_);
        if (batch.empty() && asked.empty() && std::exchange(untidy_, false) && !broken_)
            table_.tidy();
        lock.lock();
    }
}

void commit_thread::commit(std::vector<change_type>& batch)
{
    std::vector<error_code> own(batch.size());
    auto all = try_commit(batch, own);
    if (all && !broken_ && batch.size() > 1) {
        // One that found no room has undone the others with it. Now each has a commit of its own:
        // first those that nobody waits for, since settling a message makes room.
        std::stable_partition(batch.begin(), batch.end(),
                              [](const change_type& c) { return !c.urgent; });
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (const auto alone = try_commit({&batch[i], 1}, {&own[i], 1}))
                own[i] = alone;
        }
        all = {};
    }
    untidy_ = untidy_ || !all;
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i].done(all ? all : own[i]);
}

error_code commit_thread::try_commit(std::span<change_type> batch, std::span<error_code> own)
{
    if (broken_)
        return make_error_code(errc::storage_failed);
    try {
        table_.begin();
        for (std::size_t i = 0; i < batch.size(); ++i)
            own[i] = batch[i].apply(table_);
        table_.commit();
        return {};
    } catch (const database_error& e) {
        table_.undo();
        if (is_fatal(e.code)) {
            broken_ = true;
            log_.write(
                log_level::error, "outbox.failed",
                "the disk of the outbox has failed; no SMS is accepted any more. Mend it and "
                "start again: what was accepted is in the outbox",
                {{"error", e.text}, {"code", std::to_string(e.code)}});
        }
        return storage_error(e.code);
    }
}

}  // namespace aiflow
