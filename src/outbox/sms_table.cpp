#include "outbox/sms_table.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace aiflow {

namespace {

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS sms (
    id INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    recipient TEXT NOT NULL,
    text TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    segments INTEGER NOT NULL,
    client_ref TEXT NOT NULL,
    retry INTEGER NOT NULL,
    duplicate_ok INTEGER NOT NULL,
    max_age_s INTEGER,
    accepted_at INTEGER NOT NULL,
    due INTEGER NOT NULL,
    state TEXT NOT NULL,
    final INTEGER NOT NULL,
    settled_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    handed_off INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    ambiguous INTEGER NOT NULL,
    after_transfer INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sms_by_standing ON sms (final, settled_at);
CREATE TABLE IF NOT EXISTS attempt (
    sms INTEGER NOT NULL REFERENCES sms (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    started INTEGER NOT NULL,
    written INTEGER NOT NULL,
    handed_off INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (sms, number)) WITHOUT ROWID;
)";

constexpr std::string_view columns =
    "id, session, recipient, text, fingerprint, segments, client_ref, retry, duplicate_ok, "
    "max_age_s, accepted_at, due, state, settled_at, outcome, reason, attempts, handed_off, "
    "corrected, ambiguous, after_transfer";

// `final` follows from the state, and is a column of its own for the index.
std::string put_sql()
{
    return "INSERT INTO sms (" + std::string(columns) +
           ", final) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
           "ON CONFLICT (id) DO UPDATE SET recipient = excluded.recipient, text = excluded.text, "
           "fingerprint = excluded.fingerprint, due = excluded.due, state = excluded.state, "
           "final = excluded.final, settled_at = excluded.settled_at, "
           "outcome = excluded.outcome, reason = excluded.reason, "
           "attempts = excluded.attempts, handed_off = excluded.handed_off, "
           "corrected = excluded.corrected, ambiguous = excluded.ambiguous, "
           "after_transfer = excluded.after_transfer";
}

database& with_tables(database& db)
{
    db.run(schema);
    return db;
}

std::string select(std::string_view rest)
{
    return "SELECT " + std::string(columns) + " FROM sms " + std::string(rest);
}

// More than an application may ask for.
constexpr std::chrono::seconds longest_age = std::chrono::hours{24};

std::int64_t key_of(sms_id id)
{
    return static_cast<std::int64_t>(id.value);
}

std::int64_t to_ms(clock::wall_time t)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

// The file may be damaged: a time that no clock can show is taken for the nearest that one can.
clock::wall_time from_ms(std::int64_t ms)
{
    using std::chrono::milliseconds;
    const auto latest =
        std::chrono::duration_cast<milliseconds>(clock::wall_time::max().time_since_epoch());
    return clock::wall_time(std::clamp(milliseconds(ms), milliseconds(0), latest));
}

sms_state state_from(std::string_view name)
{
    for (auto s = sms_state::accepted; s <= sms_state::cancelled;
         s = static_cast<sms_state>(static_cast<unsigned>(s) + 1))
        if (to_string(s) == name)
            return s;
    // Damaged, or of a version that is not known: it may have been sent.
    return sms_state::unobserved;
}

sms_record record_in(const statement& row)
{
    sms_record r;
    int at = 0;
    const auto number = [&] { return row.number(at++); };
    const auto text = [&] { return row.text(at++); };
    r.id = {static_cast<std::uint64_t>(number())};
    r.session_id = text();
    r.recipient = text();
    r.text = text();
    r.fingerprint = text();
    r.segments = static_cast<unsigned>(number());
    r.options.client_ref = text();
    r.options.retry = number() != 0;
    r.options.duplicate_ok = number() != 0;
    if (!row.is_null(at))
        r.options.max_age =
            std::chrono::seconds(std::clamp<std::int64_t>(row.number(at), 0, longest_age.count()));
    ++at;
    r.accepted_at = from_ms(number());
    r.due = from_ms(number());
    r.state = state_from(text());
    r.settled_at = from_ms(number());
    r.outcome.state = state_from(text());
    r.outcome.reason_text = text();
    r.outcome.reason = sms_reason_from(r.outcome.reason_text);
    r.outcome.attempts = static_cast<unsigned>(number());
    r.outcome.handed_off = number() != 0;
    r.outcome.corrected = number() != 0;
    r.outcome.ambiguous = number() != 0;
    r.outcome.after_transfer = number() != 0;
    r.outcome.id = r.id;
    r.outcome.client_ref = r.options.client_ref;
    return r;
}

}  // namespace

sms_table::sms_table(database& db, std::size_t max_open)
    : db_(with_tables(db)), max_open_(max_open),
      open_(static_cast<std::size_t>(db.number("SELECT count(*) FROM sms WHERE final = 0"))),
      standing_(db, "SELECT final FROM sms WHERE id = ?"), put_(db, put_sql().c_str()),
      drop_attempts_(db, "DELETE FROM attempt WHERE sms = ? AND number > ?"),
      put_attempt_(db, "INSERT OR REPLACE INTO attempt VALUES (?,?,?,?,?,?)"),
      attempts_of_(db, "SELECT number, started, written, handed_off, reason FROM attempt "
                       "WHERE sms = ? ORDER BY number")
{
}

void sms_table::begin()
{
    open_before_ = open_;
    db_.run("BEGIN IMMEDIATE");
}

void sms_table::commit()
{
    db_.run("COMMIT");
}

void sms_table::undo() noexcept
{
    // Some errors have undone it already; then this one fails, and nothing is lost by it.
    sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    open_ = open_before_;
}

sms_table::standing sms_table::find_standing(sms_id id)
{
    standing_.reset().bind(key_of(id));
    if (!standing_.step())
        return standing::unknown;
    const bool final_now = standing_.number(0) != 0;
    standing_.reset();
    return final_now ? standing::final : standing::open;
}

error_code sms_table::put(const sms_record& r)
{
    const auto before = find_standing(r.id);
    const bool was_open = before == standing::open;
    const bool is_open = !is_final(r.state);
    if (is_open && !was_open && open_ >= max_open_)
        return make_error_code(errc::outbox_full);
    write(r);
    write_attempts(r);
    // An attempt that was announced and then could not be made is taken back.
    if (before != standing::unknown) {
        drop_attempts_.reset().bind(key_of(r.id));
        drop_attempts_.bind(r.attempts.empty() ? 0 : r.attempts.back().number).run();
    }
    open_ += is_open ? 1U : 0U;
    open_ -= was_open ? 1U : 0U;
    return {};
}

void sms_table::write(const sms_record& r)
{
    const bool final_now = is_final(r.state);
    const std::string_view nothing;
    put_.reset().bind(key_of(r.id)).bind(r.session_id);
    put_.bind(final_now ? nothing : std::string_view(r.recipient));
    put_.bind(final_now ? nothing : std::string_view(r.text));
    put_.bind(r.fingerprint).bind(r.segments).bind(r.options.client_ref);
    put_.bind(r.options.retry).bind(r.options.duplicate_ok);
    if (r.options.max_age)
        put_.bind(r.options.max_age->count());
    else
        put_.bind_null();
    put_.bind(to_ms(r.accepted_at)).bind(to_ms(r.due)).bind(to_string(r.state));
    put_.bind(to_ms(r.settled_at)).bind(to_string(r.outcome.state)).bind(r.outcome.reason_text);
    put_.bind(r.outcome.attempts).bind(r.outcome.handed_off).bind(r.outcome.corrected);
    put_.bind(r.outcome.ambiguous).bind(r.outcome.after_transfer).bind(final_now);
    put_.run();
}

void sms_table::write_attempts(const sms_record& r)
{
    for (const auto& a : r.attempts) {
        put_attempt_.reset().bind(key_of(r.id)).bind(a.number).bind(to_ms(a.started));
        put_attempt_.bind(a.written).bind(a.handed_off).bind(a.reason);
        put_attempt_.run();
    }
}

std::vector<sms_record> sms_table::read(statement& rows)
{
    std::vector<sms_record> all;
    while (rows.step())
        all.push_back(record_in(rows));
    for (auto& r : all) {
        attempts_of_.reset().bind(key_of(r.id));
        while (attempts_of_.step())
            r.attempts.push_back({static_cast<unsigned>(attempts_of_.number(0)),
                                  from_ms(attempts_of_.number(1)), attempts_of_.number(2) != 0,
                                  attempts_of_.number(3) != 0, attempts_of_.text(4)});
    }
    return all;
}

std::optional<sms_record> sms_table::find(sms_id id)
{
    statement rows(db_, select("WHERE id = ?").c_str());
    rows.bind(key_of(id));
    auto found = read(rows);
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

std::vector<sms_record> sms_table::load(clock::wall_time since)
{
    statement rows(db_, select("WHERE final = 0 OR settled_at >= ? ORDER BY id").c_str());
    rows.bind(to_ms(since));
    return read(rows);
}

std::vector<sms_record> sms_table::list(std::optional<sms_state> state, std::size_t limit)
{
    statement rows(
        db_, select(state ? "WHERE state = ? ORDER BY id DESC LIMIT ?" : "ORDER BY id DESC LIMIT ?")
                 .c_str());
    if (state)
        rows.bind(to_string(*state));
    rows.bind(static_cast<std::int64_t>(limit));
    return read(rows);
}

std::map<sms_state, std::size_t> sms_table::count()
{
    std::map<sms_state, std::size_t> all;
    statement rows(db_, "SELECT state, count(*) FROM sms GROUP BY state");
    while (rows.step())
        all[state_from(rows.text(0))] += static_cast<std::size_t>(rows.number(1));
    return all;
}

void sms_table::forget(clock::wall_time since)
{
    statement gone(db_, "DELETE FROM sms WHERE final = 1 AND settled_at < ?");
    gone.bind(to_ms(since)).run();
}

// What was deleted is overwritten in the file already.
void sms_table::tidy() noexcept
{
    sqlite3_wal_checkpoint_v2(db_.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

}  // namespace aiflow
