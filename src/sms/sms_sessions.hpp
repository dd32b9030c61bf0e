#pragma once

#include "protocol/string_hash.hpp"
#include "sms/sms_message.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace aiflow {

/// What is known of sessions, by their ids. Each stays where it is.
///
/// Hashes are kept, so that the table grows without a look at sessions that have long left the
/// caches.
class sms_sessions {
public:
    /// Nothing if there is none.
    sms_session* find(std::string_view id) const
    {
        const auto found = table_.find(wanted{string_hash()(id), id});
        return found == table_.end() ? nullptr : found->session.get();
    }

    /// There must be none with this id.
    sms_session& add(std::string_view id)
    {
        auto s = std::make_unique<sms_session>();
        s->id = id;
        return *table_.insert({string_hash()(id), std::move(s)}).first->session;
    }

    void erase(const sms_session& s)
    {
        table_.erase(table_.find(wanted{string_hash()(s.id), s.id}));
    }

    std::size_t size() const noexcept { return table_.size(); }

private:
    struct wanted {
        std::size_t hash;
        std::string_view id;
    };

    struct entry {
        std::size_t hash;
        std::unique_ptr<sms_session> session;
    };

    struct hash_of {
        using is_transparent = void;
        std::size_t operator()(const entry& e) const noexcept { return e.hash; }
        std::size_t operator()(const wanted& w) const noexcept { return w.hash; }
    };

    struct same {
        using is_transparent = void;
        bool operator()(const entry& a, const entry& b) const noexcept
        {
            return a.hash == b.hash && a.session->id == b.session->id;
        }
        bool operator()(const entry& e, const wanted& w) const noexcept
        {
            return e.hash == w.hash && e.session->id == w.id;
        }
        bool operator()(const wanted& w, const entry& e) const noexcept { return (*this)(e, w); }
    };

    boost::unordered_flat_set<entry, hash_of, same> table_;
};

}  // namespace aiflow
