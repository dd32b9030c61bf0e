#include "damaged_outbox.hpp"

#include "outbox/database.hpp"
#include "outbox/sms_table.hpp"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace aiflow::test {

namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& bytes)
{
    std::ofstream(file, std::ios::binary) << bytes;
}

// One change of a file. Small numbers are places at its beginning, where its own header is.
void damage_one(fuzz_input& in, std::string& bytes)
{
    if (bytes.empty())
        return;
    const auto how = in.below(6);
    const auto at = static_cast<std::size_t>(in.number(3)) % bytes.size();
    const auto size = std::min<std::size_t>(in.byte(), bytes.size() - at);
    switch (how) {
    case 0:
        bytes[at] = static_cast<char>(in.byte());
        break;
    case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << in.below(8)));
        break;
    case 2:
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, '\0');
        break;
    case 3:
        bytes.replace(at, size, in.take(size));
        break;
    case 4:
        bytes.resize(at);
        break;
    default:  // a block of 4096 bytes in the place of another one
        if (const auto page = bytes.size() / 4096; page > 0)
            bytes.replace(at / 4096 * 4096, 4096, std::string(bytes, size % page * 4096, 4096));
        break;
    }
}

}  // namespace

damaged_outbox::damaged_outbox()
{
    auto name = (fs::temp_directory_path() / "fuzz-outbox-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr, "there is a directory to work in", name);
    home_ = name;
    const auto file = (home_ / "seed.sqlite").string();
    // What SQLite draws at random is in its log.
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 7, nullptr);
    database db(file);
    db.run("PRAGMA journal_mode = WAL");
    db.run("PRAGMA secure_delete = ON");
    sms_table table(db, 100);
    db.run(("PRAGMA user_version = " + std::to_string(sms_table::schema_version)).c_str());
    constexpr std::array states{sms_state::accepted,     sms_state::sending,
                                sms_state::written,      sms_state::waiting_retry,
                                sms_state::assumed_sent, sms_state::failed};
    const auto put = [&](std::uint64_t first, std::uint64_t count) {
        table.begin();
        for (auto id = first; id < first + count; ++id)
            table.put(record_of(id, states[id % states.size()]));
        table.commit();
    };
    put(1, 9);
    table.tidy();
    put(10, 3);
    database_ = contents(file);
    log_ = contents(file + "-wal");
    require(!database_.empty() && !log_.empty(), "both files hold something");
}

damaged_outbox::~damaged_outbox()
{
    std::error_code ec;
    fs::remove_all(home_, ec);
}

void damaged_outbox::damage(fuzz_input& in)
{
    fs::remove_all(directory());
    fs::create_directory(directory());
    write(file(), database_);
    write(log_file(), log_);
    if (const auto changes = in.below(4); changes > 0)
        change_values(in, changes);
    auto bytes = contents(file());
    auto log = contents(log_file());
    const auto changes = in.below(8);
    for (unsigned i = 0; i < changes; ++i)
        damage_one(in, in.flag() ? log : bytes);
    if (changes == 0)
        return;
    write(file(), bytes);
    write(log_file(), log);
}

// The file is whole, but what it says may be anything: who has changed it is not known.
void damaged_outbox::change_values(fuzz_input& in, unsigned changes) const
{
    constexpr std::array columns{"segments", "max_age_s",  "accepted_at", "due",    "state",
                                 "final",    "settled_at", "outcome",     "reason", "attempts",
                                 "session",  "recipient",  "text",        "retry",  "client_ref",
                                 "id",       "fingerprint"};
    constexpr std::array of_attempts{"number", "started", "written", "reason"};
    database db(file().string());
    for (; changes > 0; --changes) {
        const bool attempts = in.flag();
        const std::string column = attempts ? of_attempts[in.below(of_attempts.size())]
                                            : columns[in.below(columns.size())];
        const auto id = in.below(12) + 1;
        statement change(db, ("UPDATE " + std::string(attempts ? "attempt" : "sms") + " SET " +
                              column + " = ? WHERE " + (attempts ? "sms" : "id") + " = ?")
                                 .c_str());
        if (in.flag())
            change.bind(static_cast<std::int64_t>(in.number(8)));
        else
            change.bind(in.text());
        change.bind(static_cast<std::int64_t>(id));
        try {
            change.run();
        } catch (const database_error&) {
            // A key that is there already, say: then nothing has changed.
        }
    }
}

sms_record record_of(std::uint64_t id, sms_state state)
{
    using std::chrono::seconds;
    const auto then = clock::wall_time(seconds(1'800'000'000 + static_cast<long>(id % 1000)));
    sms_record r;
    r.id = {id};
    r.session_id = "session-" + std::to_string(id);
    r.recipient = "491511234567" + std::to_string(id % 10);
    r.text = "Your code is " + std::to_string(4200 + id);
    r.fingerprint = std::string(48, 'a');
    r.options.client_ref = id % 2 == 0 ? "order " + std::to_string(id) : std::string();
    r.options.duplicate_ok = id % 3 == 0;
    if (id % 4 == 0)
        r.options.max_age = seconds(60);
    r.accepted_at = then;
    r.due = then + seconds(2);
    r.state = state;
    if (state != sms_state::accepted)
        r.attempts.push_back({1, then + seconds(1), state != sms_state::sending, false, {}});
    if (state == sms_state::waiting_retry || state == sms_state::failed)
        r.attempts.back().reason = r.outcome.reason_text = "smsc_unavailable";
    if (is_final(state)) {
        r.settled_at = then + seconds(30);
        r.outcome.id = r.id;
        r.outcome.state = state;
        r.outcome.attempts = 1;
    }
    return r;
}

}  // namespace aiflow::test
