#include "aiflow/memory_outbox.hpp"

#include <algorithm>
#include <utility>

namespace aiflow {

memory_outbox::memory_outbox(std::size_t max_open, std::chrono::seconds keep)
    : max_open_(max_open), keep_(keep)
{
}

asio::awaitable<error_code> memory_outbox::put(sms_record record, durability when)
{
    co_return *put_at_once(record, when);
}

std::optional<error_code> memory_outbox::put_at_once(const sms_record& record, durability)
{
    const auto id = record.id.value;
    const bool final_now = is_final(record.state);
    auto known = records_.find(id);
    const bool is_new = known == records_.end();
    const bool was_open = !is_new && !is_final(known->second->state);
    if (!final_now && !was_open && open_ >= max_open_)
        return make_error_code(errc::outbox_full);
    if (final_now && (is_new || was_open))
        final_.push_back(id);
    open_ += final_now ? 0U : 1U;
    open_ -= was_open ? 1U : 0U;
    // What has changed is copied into the memory that is there.
    if (!is_new)
        *known->second = record;
    else
        known = records_.emplace(id, std::make_unique<sms_record>(record)).first;
    strip_if_final(*known->second);
    if (final_now)
        forget_old(record.settled_at);
    return error_code{};
}

asio::awaitable<boost::system::result<std::vector<sms_record>>>
memory_outbox::load(std::chrono::seconds keep)
{
    clock::wall_time newest{};
    for (const auto& [id, r] : records_)
        newest = std::max(newest, r->settled_at);
    std::vector<sms_record> all;
    for (const auto& [id, r] : records_)
        if (!is_final(r->state) || newest - r->settled_at <= keep)
            all.push_back(*r);
    std::sort(all.begin(), all.end(),
              [](const sms_record& a, const sms_record& b) { return a.id < b.id; });
    co_return all;
}

// The newest settled record stands for the clock: nothing is forgotten while nothing happens.
void memory_outbox::forget_old(clock::wall_time now)
{
    while (!final_.empty()) {
        const auto oldest = records_.find(final_.front());
        // A late failure opens a final record again; it comes to the end of the queue once more.
        if (oldest != records_.end() && is_final(oldest->second->state)) {
            if (now - oldest->second->settled_at < keep_)
                return;
            records_.erase(oldest);
        }
        final_.pop_front();
    }
}

}  // namespace aiflow
