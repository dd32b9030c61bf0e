#include "outbox/database.hpp"

#include <utility>

namespace aiflow {

namespace {

void check(int code, sqlite3* db)
{
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
        return;
    const int extended = db ? sqlite3_extended_errcode(db) : code;
    throw database_error{extended, db ? sqlite3_errmsg(db) : sqlite3_errstr(code)};
}

}  // namespace

error_code storage_error(int sqlite_code) noexcept
{
    switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
        return make_error_code(errc::storage_full);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return make_error_code(errc::storage_locked);
    default:
        return make_error_code(errc::storage_failed);
    }
}

database::database(const std::string& file)
{
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                         SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                                     nullptr);
    handle_.reset(opened);
    check(code, opened);
}

void database::run(const char* sql)
{
    check(sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr), handle());
}

std::int64_t database::number(const char* sql)
{
    statement s(*this, sql);
    return s.step() ? s.number(0) : 0;
}

std::string database::text(const char* sql)
{
    statement s(*this, sql);
    return s.step() ? s.text(0) : std::string();
}

statement::statement(database& db, const char* sql) : db_(&db)
{
    sqlite3_stmt* made = nullptr;
    const int code =
        sqlite3_prepare_v3(db.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    handle_.reset(made);
    check(code, db.handle());
}

statement& statement::reset()
{
    // What an earlier run failed with has been reported then.
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
    bound_ = 0;
    return *this;
}

statement& statement::bind(std::int64_t value)
{
    check(sqlite3_bind_int64(handle_.get(), ++bound_, value), db_->handle());
    return *this;
}

statement& statement::bind(std::string_view value)
{
    // A view without data would be taken as NULL.
    const char* const data = value.data() ? value.data() : "";
    check(sqlite3_bind_text64(handle_.get(), ++bound_, data, value.size(), SQLITE_STATIC,
                              SQLITE_UTF8),
          db_->handle());
    return *this;
}

statement& statement::bind_null()
{
    check(sqlite3_bind_null(handle_.get(), ++bound_), db_->handle());
    return *this;
}

bool statement::step()
{
    const int code = sqlite3_step(handle_.get());
    if (code != SQLITE_ROW)
        sqlite3_reset(handle_.get());
    check(code & 0xff, db_->handle());
    return code == SQLITE_ROW;
}

void statement::run()
{
    while (step()) {
    }
}

std::int64_t statement::number(int column) const
{
    return sqlite3_column_int64(handle_.get(), column);
}

std::string statement::text(int column) const
{
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return data ? std::string(data, size) : std::string();
}

bool statement::is_null(int column) const
{
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

}  // namespace aiflow
