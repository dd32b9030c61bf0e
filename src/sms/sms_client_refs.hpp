#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/sms.hpp"

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace aiflow {

/// Remembers the callers' keys, so that the same key means the same message (reliability.md 3.5).
/// Of a message that has settled it keeps the outcome; number and text it never has.
class sms_client_refs {
public:
    struct known {
        sms_id id;
        std::string fingerprint;
        unsigned segments = 1;
    };

    /// The message with that key, or null.
    const known* find(const std::string& client_ref) const;

    /// `until` is not before that of the call before.
    void add(const std::string& client_ref, known message, clock::time_point until);
    /// The message was not accepted after all.
    void remove(const std::string& client_ref);

    /// How the message of `o.client_ref` ended.
    void settled(const sms_outcome& o);
    std::optional<sms_outcome> outcome(sms_id id) const;

    void forget_old(clock::time_point now);
    std::optional<clock::time_point> next_forgetting() const;

private:
    struct entry {
        known message;
        clock::time_point until;
        std::optional<sms_outcome> outcome;
    };
    struct use {
        clock::time_point until;
        std::string client_ref;
    };

    std::unordered_map<std::string, entry> entries_;
    std::unordered_map<std::uint64_t, std::string> refs_;  ///< by message
    std::deque<use> uses_;
};

}  // namespace aiflow
