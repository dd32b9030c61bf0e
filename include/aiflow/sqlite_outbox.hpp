#pragma once

#include "aiflow/log.hpp"
#include "aiflow/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aiflow {

/// What an outbox on disk needs to know.
struct sqlite_outbox_options {
    /// Where the file is; made with mode 0700 when it is missing. One process at a time. Required.
    std::string directory;
    std::size_t max_open = 10'000;                  ///< records that are not final
    std::size_t max_bytes = std::size_t{64} << 20;  ///< of the file; then `storage_full`
    std::size_t max_waiting = 4096;                 ///< changes for the disk; then `outbox_full`
    std::chrono::seconds keep = std::chrono::hours{24};  ///< final records
    logger log = {};
    clock* time = nullptr;  ///< the machine's when null; must outlive the outbox
};

/// An outbox on SQLite: what was accepted survives `kill -9` and a power failure (reliability.md
/// P1, 3.1).
///
/// A record handed over with `before_completion` is on disk when `put` completes. All that waits
/// shares one commit. A settled record has neither number nor text in the file; a salted hash of
/// them stays, so that a repeated `client_ref` is still known.
///
/// When the disk reports an error other than being full, the file is not trusted any more: every
/// later `put` is refused with `storage_failed`, until the process starts again.
///
/// Cancellation: stops the waiting of a query; a `put` that was handed over is carried out.
/// Thread safety: from any executor; each operation completes on the one that it was awaited on.
/// Lifetime: must outlive whoever uses it. Its destructor writes what was handed over.
class sqlite_outbox final : public outbox {
public:
    /// Opens or makes the file, and checks it. One that is damaged is set aside as
    /// `outbox.sqlite.corrupt-<seconds>`, and said so loudly. Throws `failure`: `invalid_value`,
    /// `storage_locked`, `storage_newer`, `storage_failed`.
    explicit sqlite_outbox(sqlite_outbox_options options);
    ~sqlite_outbox() override;

    bool outlasts_process() const noexcept override { return true; }

    /// `soon` completes at once and is written within a second.
    asio::awaitable<error_code> put(sms_record record, durability when) override;
    asio::awaitable<boost::system::result<std::vector<sms_record>>>
    load(std::chrono::seconds keep) override;

    /// One message with the history of its attempts; nothing when it is not known (any more).
    asio::awaitable<boost::system::result<std::optional<sms_record>>> find(sms_id id);

    /// The newest `limit` messages, of one state if it is given; newest first.
    asio::awaitable<boost::system::result<std::vector<sms_record>>>
    list(std::optional<sms_state> state, std::size_t limit);

    /// How many messages there are in each state.
    asio::awaitable<boost::system::result<std::map<sms_state, std::size_t>>> count();

    /// Whether the disk has failed; see above.
    bool broken() const noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace aiflow
