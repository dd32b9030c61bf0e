#pragma once

#include "protocol/string_hash.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace aiflow {

/// The last few ids of sessions that were here, so that a straggler does not open one again that
/// has ended, and one that returns is known.
class recent_ids {
public:
    explicit recent_ids(std::size_t limit = 4096) : limit_(limit) {}
    recent_ids(const recent_ids&) = delete;
    recent_ids& operator=(const recent_ids&) = delete;

    void add(std::string_view id)
    {
        if (contains(id))
            return;
        if (ids_.size() < limit_) {
            known_.insert(ids_.emplace_back(id));
            return;
        }
        auto& oldest = ids_[oldest_];
        known_.erase(std::string_view(oldest));
        oldest = id;
        known_.insert(oldest);
        oldest_ = (oldest_ + 1) % limit_;
    }

    bool contains(std::string_view id) const { return known_.contains(id); }

private:
    std::size_t limit_;
    std::deque<std::string> ids_;  ///< a ring once it is full; its strings stay where they are
    std::size_t oldest_ = 0;
    boost::unordered_flat_set<std::string_view, string_hash> known_;  ///< of these
};

}  // namespace aiflow
