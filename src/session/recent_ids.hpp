#pragma once

#include "protocol/string_hash.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace aiflow {

/// The last few ids of sessions that have ended, so that a straggler does not open them again.
class recent_ids {
public:
    explicit recent_ids(std::size_t limit = 4096) : limit_(limit) {}

    void add(std::string id)
    {
        const auto [place, added] = ids_.insert(std::move(id));
        if (!added)
            return;
        order_.push_back(&*place);
        if (order_.size() > limit_) {
            ids_.erase(*order_.front());
            order_.pop_front();
        }
    }

    bool contains(std::string_view id) const { return ids_.find(id) != ids_.end(); }

private:
    std::size_t limit_;
    std::unordered_set<std::string, string_hash, std::equal_to<>> ids_;
    std::deque<const std::string*> order_;
};

}  // namespace aiflow
