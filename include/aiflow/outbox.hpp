#pragma once

#include "aiflow/clock.hpp"
#include "aiflow/sms.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// One attempt of a message, for its history.
struct sms_attempt {
    unsigned number = 0;  ///< from 1
    clock::wall_time started;
    bool written = false;
    bool handed_off = false;
    std::string reason = {};  ///< of the failure that was matched to it; empty: none
};

/// What is remembered of a message.
struct sms_record {
    sms_id id;
    std::string session_id;
    std::string recipient;  ///< digits; empty once settled (reliability.md 3.7)
    std::string text;       ///< empty once settled
    /// A salted hash of number and text, so that a repeated `client_ref` can be told from a
    /// conflicting one when both are gone; empty without a `client_ref`.
    std::string fingerprint;
    unsigned segments = 1;
    sms_options options;
    clock::wall_time accepted_at;
    clock::wall_time due = {};  ///< of the next attempt, in `waiting_retry`
    sms_state state = sms_state::accepted;
    std::vector<sms_attempt> attempts = {};
    sms_outcome outcome = {};  ///< once the state is final; before that, the last failure's reason
    clock::wall_time settled_at = {};
};

/// Takes number and text out of a record that is final, and gives back their memory; leaves another
/// one as it is (reliability.md 3.7).
void strip_if_final(sms_record& r) noexcept;

/// Remembers messages. It decides nothing: `sms_tracker` does.
///
/// The interface asks for nothing that only one process could give, so that several daemons can
/// share a store later.
///
/// Thread safety: the calling executor's; an implementation may use threads of its own inside.
/// Lifetime: must outlive whoever uses it.
/// Cancellation: none; a change that was handed over is carried out.
class outbox {
public:
    enum class durability : unsigned char {
        before_completion,  ///< survives a crash from the moment of completion
        soon                ///< within a second
    };

    virtual ~outbox() = default;

    /// Whether what is open when the process ends is taken up by the next one.
    virtual bool outlasts_process() const noexcept = 0;

    /// Writes the record as it is now, new or changed. A final record has lost number and text.
    /// Changes of one record are handed over one after the other; those of different records may be
    /// under way at once, so that they can share one commit.
    /// Errors: `outbox_full`, `storage_full`, `storage_failed`. Nothing has changed then.
    /// An exception counts as `storage_failed`.
    virtual asio::awaitable<error_code> put(sms_record record, durability when) = 0;

    /// The same for an outbox that need not wait for anything, without the cost of a coroutine; how
    /// it went. Nothing: it has to wait, and `put` is to be called. The record is whole, and to be
    /// kept as `strip_if_final` leaves it.
    virtual std::optional<error_code> put_at_once(const sms_record& record, durability when);

    /// Everything that is not final, and what is final and younger than `keep`.
    virtual asio::awaitable<boost::system::result<std::vector<sms_record>>>
    load(std::chrono::seconds keep) = 0;
};

inline void strip_if_final(sms_record& r) noexcept
{
    if (!is_final(r.state))
        return;
    std::string().swap(r.recipient);
    std::string().swap(r.text);
}

inline std::optional<error_code> outbox::put_at_once(const sms_record&, durability)
{
    return std::nullopt;
}

}  // namespace aiflow
