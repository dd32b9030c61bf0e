#pragma once

#include "aiflow/outbox.hpp"
#include "outbox/database.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

namespace aiflow {

/// Messages and their attempts as rows of SQLite.
///
/// Errors: throws `database_error`. Thread safety: one thread at a time.
class sms_table {
public:
    /// Makes the tables when there are none. `db` must outlive it. `max_open`: records that are not
    /// final.
    sms_table(database& db, std::size_t max_open);

    /// Of the tables that this version makes; a file's own is `PRAGMA user_version`.
    static constexpr std::int64_t schema_version = 1;

    /// What is put in between becomes durable together, or not at all.
    void begin();
    void commit();
    void undo() noexcept;

    /// Writes the record with its attempts; a final one without number and text. Error:
    /// `outbox_full`.
    error_code put(const sms_record& r);

    std::optional<sms_record> find(sms_id id);

    /// Everything that is not final, and what was settled at `since` or later; oldest first.
    std::vector<sms_record> load(clock::wall_time since);

    /// The newest `limit` records, of one state if it is given; newest first.
    std::vector<sms_record> list(std::optional<sms_state> state, std::size_t limit);

    std::map<sms_state, std::size_t> count();

    /// Forgets what was settled before `since`.
    void forget(clock::wall_time since);

    /// Takes what was deleted from SQLite's log, too.
    void tidy() noexcept;

private:
    enum class standing : unsigned char { unknown, open, final };

    standing find_standing(sms_id id);
    void write(const sms_record& r);
    void write_attempts(const sms_record& r);
    std::vector<sms_record> read(statement& rows);

    database& db_;
    std::size_t max_open_;
    std::size_t open_;
    std::size_t open_before_ = 0;  // the changes that are not durable yet
    statement standing_;
    statement put_;
    statement drop_attempts_;
    statement put_attempt_;
    statement attempts_of_;
};

}  // namespace aiflow
