#pragma once

#include "aiflow/error.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aiflow {

/// What SQLite says, as an error of this library: `storage_full`, `storage_locked`, else
/// `storage_failed`.
error_code storage_error(int sqlite_code) noexcept;

/// Thrown where SQLite reports an error.
struct database_error {
    int code = 0;  ///< extended, of SQLite
    std::string text;
};

/// One SQLite file, opened for this process alone.
///
/// Errors: throws `database_error`. Thread safety: one thread at a time.
class database {
public:
    explicit database(const std::string& file);

    void run(const char* sql);
    std::int64_t number(const char* sql);
    std::string text(const char* sql);

    sqlite3* handle() const noexcept { return handle_.get(); }

private:
    struct closer {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };

    std::unique_ptr<sqlite3, closer> handle_;
};

/// A prepared statement that is used again and again.
///
/// Errors, thread safety: as `database`, which must outlive it.
class statement {
public:
    statement(database& db, const char* sql);

    /// Ready for the next run, with nothing bound.
    statement& reset();

    statement& bind(std::int64_t value);
    statement& bind(std::string_view value);  ///< must live until `reset`
    statement& bind_null();

    /// Whether there is a row.
    bool step();
    void run();

    std::int64_t number(int column) const;
    std::string text(int column) const;
    bool is_null(int column) const;

private:
    struct closer {
        void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
    };

    database* db_;
    std::unique_ptr<sqlite3_stmt, closer> handle_;
    int bound_ = 0;
};

}  // namespace aiflow
