// What only an outbox on disk can do, and what can happen to it.
#include "outbox_rig.hpp"
#include "sms/sms_tracker.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

struct disk {
    sqlite_outbox_options options()
    {
        sqlite_outbox_options o;
        o.directory = place.path();
        o.time = &time;
        o.log = logger([this](const log_record& r) { log.emplace_back(r.id); });
        return o;
    }

    void open(const std::function<void(sqlite_outbox_options&)>& change = {})
    {
        store.reset();
        auto o = options();
        if (change)
            change(o);
        store = std::make_unique<sqlite_outbox>(o);
    }

    error_code put(const sms_record& r,
                   outbox::durability when = outbox::durability::before_completion)
    {
        return run(store->put(r, when));
    }
    std::vector<sms_record> all() { return run(store->load(24h)).value(); }

    // Why it cannot be opened.
    std::string refusal()
    {
        try {
            open();
        } catch (const failure& f) {
            return to_string(f.what_is_wrong());
        }
        return {};
    }

    std::string bytes() const
    {
        std::string text;
        for (const auto& entry : std::filesystem::directory_iterator(place.path())) {
            std::ifstream in(entry.path(), std::ios::binary);
            text.append(std::istreambuf_iterator<char>(in), {});
        }
        return text;
    }

    void sql(const char* statement) const
    {
        sqlite3* db = nullptr;
        BOOST_REQUIRE(sqlite3_open(place.file().c_str(), &db) == SQLITE_OK);
        BOOST_TEST(sqlite3_exec(db, statement, nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(db);
    }

    temporary_directory place;
    manual_clock time;
    std::vector<std::string> log;
    std::unique_ptr<sqlite_outbox> store;
};

unsigned mode_of(const std::string& file)
{
    struct stat s {};
    return ::stat(file.c_str(), &s) == 0 ? s.st_mode & 07777U : 0;
}

// No file of this process grows beyond `bytes`, as on a disk that is full.
class file_size_limit {
public:
    explicit file_size_limit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit now = before_;
        now.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &now);
    }
    file_size_limit(const file_size_limit&) = delete;
    file_size_limit& operator=(const file_size_limit&) = delete;
    ~file_size_limit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

private:
    rlimit before_{};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(outbox_on_disk)

BOOST_AUTO_TEST_CASE(it_is_there_after_a_restart)
{
    disk d;
    d.open();
    auto open = record(1, sms_state::handed_off, d.time);
    open.attempts = {{1, d.time.wall_now(), true, true, ""}};
    BOOST_TEST(!d.put(open));
    auto settled = record(2, sms_state::accepted, d.time);
    settle_as(settled, sms_state::assumed_sent, d.time);
    BOOST_TEST(!d.put(settled, outbox::durability::soon));
    d.open();
    const auto all = d.all();
    BOOST_REQUIRE(all.size() == 2U);
    check_equal(all[0], open);
    BOOST_TEST((all[1].outcome == settled.outcome));
}

BOOST_AUTO_TEST_CASE(nobody_else_may_read_it)
{
    disk d;
    d.open();
    BOOST_TEST(!d.put(record(1, sms_state::accepted, d.time)));
    BOOST_TEST(mode_of(d.place.path()) == 0700U);
    for (const auto& entry : std::filesystem::directory_iterator(d.place.path()))
        BOOST_TEST(mode_of(entry.path().string()) == 0600U, entry.path());
}

BOOST_AUTO_TEST_CASE(number_and_text_leave_the_disk_when_a_message_is_settled)
{
    disk d;
    d.open();
    auto r = record(1, sms_state::accepted, d.time);
    BOOST_TEST(!d.put(r));
    BOOST_TEST(d.bytes().find(r.text) != std::string::npos);
    settle_as(r, sms_state::failed, d.time);
    BOOST_TEST(!d.put(r));
    d.store.reset();
    BOOST_TEST(d.bytes().find(r.text) == std::string::npos);
    BOOST_TEST(d.bytes().find("4915112345678") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_process_at_a_time)
{
    disk d;
    d.open();
    const sqlite_outbox_options o = d.options();
    try {
        sqlite_outbox second(o);
        BOOST_ERROR("a second one was opened");
    } catch (const failure& f) {
        BOOST_TEST((f.code() == errc::storage_locked));
        BOOST_TEST(to_string(f.what_is_wrong()) ==
                   "outbox.directory: " + d.place.path() +
                       " is in use by another process; end it, or give each one a directory of "
                       "its own");
    }
}

BOOST_AUTO_TEST_CASE(a_newer_file_is_left_alone)
{
    disk d;
    d.open();
    BOOST_TEST(!d.put(record(1, sms_state::accepted, d.time)));
    d.store.reset();
    d.sql("PRAGMA user_version = 2");
    BOOST_TEST(d.refusal() == "outbox.directory: " + d.place.file() +
                                  " was written by a newer version; install that one again, or "
                                  "name another directory");
    d.sql("PRAGMA user_version = 1");
    d.open();
    BOOST_TEST(d.all().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_set_aside_and_said_so)
{
    for (const std::size_t at : {std::size_t{0}, std::size_t{5000}}) {
        disk d;
        d.open();
        for (std::uint64_t id = 1; id <= 200; ++id)
            BOOST_TEST(!d.put(record(id, sms_state::accepted, d.time)));
        d.store.reset();
        {
            std::fstream f(d.place.file(), std::ios::in | std::ios::out | std::ios::binary);
            f.seekp(static_cast<std::streamoff>(at));
            f << std::string(4096, 'x');
        }
        d.open();
        BOOST_TEST(d.place.files("outbox.sqlite.corrupt-") == 1U);
        BOOST_TEST(std::count(d.log.begin(), d.log.end(), "outbox.damaged") == 1);
        BOOST_TEST(d.all().empty());
        BOOST_TEST(!d.put(record(1, sms_state::accepted, d.time)));
    }
}

BOOST_AUTO_TEST_CASE(values_that_cannot_be_are_taken_for_ones_that_can)
{
    disk d;
    d.open();
    auto r = record(1, sms_state::accepted, d.time);
    r.options.max_age = 60s;
    BOOST_TEST(!d.put(r));
    BOOST_TEST(!d.put(record(2, sms_state::sending, d.time)));
    d.store.reset();
    d.sql("UPDATE sms SET accepted_at = -9223372036854775808, due = 9223372036854775807, "
          "max_age_s = 9223372036854775807 WHERE id = 1");
    d.sql("UPDATE sms SET state = 'sent', max_age_s = -5 WHERE id = 2");
    d.open();
    const auto all = d.all();
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST((all[0].accepted_at == clock::wall_time{}));
    BOOST_TEST((all[0].due > d.time.wall_now()));
    BOOST_TEST((all[0].options.max_age == std::chrono::seconds(24h)));
    BOOST_TEST((all[1].options.max_age == 0s));
    // It may have been sent: nobody has taken it back.
    BOOST_TEST((all[1].state == sms_state::unobserved));
    sms_tracker tracker({}, 7);
    tracker.restore({clock::time_point{1h}, d.time.wall_now()}, all);
    tracker.tick({clock::time_point{48h}, d.time.wall_now() + 47h});
    BOOST_TEST(tracker.statistics().open == 0U);
}

BOOST_AUTO_TEST_CASE(a_file_of_limited_size)
{
    disk d;
    d.open([](auto& o) { o.max_bytes = 128 * 1024; });
    error_code ec;
    std::uint64_t id = 0;
    while (!ec && id < 5000) {
        auto r = record(++id, sms_state::accepted, d.time);
        r.text = std::string(400, 'x');
        ec = d.put(r);
    }
    BOOST_TEST(ec == make_error_code(errc::storage_full));
    BOOST_TEST(!d.store->broken());
    // What is there can be settled, and makes room.
    for (std::uint64_t settled = 1; settled < id; ++settled) {
        auto r = record(settled, sms_state::accepted, d.time);
        settle_as(r, sms_state::failed, d.time);
        BOOST_TEST(!d.put(r));
    }
    BOOST_TEST(!d.put(record(id, sms_state::accepted, d.time)));
    BOOST_TEST(d.all().size() == id);
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_and_recovers)
{
    disk d;
    d.open();
    BOOST_TEST(!d.put(record(1, sms_state::accepted, d.time)));
    {
        const file_size_limit full(16384);
        error_code ec;
        for (std::uint64_t id = 2; !ec && id < 500; ++id)
            ec = d.put(record(id, sms_state::accepted, d.time));
        BOOST_TEST((ec == errc::storage_full || ec == errc::storage_failed));
    }
    const bool was_broken = d.store->broken();
    d.open();
    BOOST_TEST(!d.all().empty());
    BOOST_TEST(!d.put(record(1000, sms_state::accepted, d.time)));
    BOOST_TEST_MESSAGE("broken by it: " << was_broken);
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written)
{
    disk d;
    auto o = d.options();
    o.directory = "/proc/aiflow";
    BOOST_CHECK_THROW(sqlite_outbox{o}, failure);
    o.directory = d.place.path() + "/a/b";
    BOOST_CHECK_THROW(sqlite_outbox{o}, failure);
    o.directory.clear();
    try {
        sqlite_outbox none(o);
        BOOST_ERROR("it was opened");
    } catch (const failure& f) {
        BOOST_TEST((f.code() == errc::invalid_value));
    }
}

BOOST_AUTO_TEST_CASE(many_at_once_share_commits)
{
    disk d;
    d.open();
    asio::io_context io;
    int stored = 0;
    for (std::uint64_t id = 1; id <= 1000; ++id)
        asio::co_spawn(io,
                       d.store->put(record(id, sms_state::accepted, d.time),
                                    outbox::durability::before_completion),
                       [&](std::exception_ptr, error_code ec) { stored += ec ? 0 : 1; });
    io.run();
    BOOST_TEST(stored == 1000);
    BOOST_TEST(d.all().size() == 1000U);
}

BOOST_AUTO_TEST_CASE(more_than_may_wait_is_refused)
{
    disk d;
    d.open([](auto& o) { o.max_waiting = 2; });
    asio::io_context io;
    int stored = 0;
    int refused = 0;
    for (std::uint64_t id = 1; id <= 50; ++id)
        asio::co_spawn(io,
                       d.store->put(record(id, sms_state::accepted, d.time),
                                    outbox::durability::before_completion),
                       [&](std::exception_ptr, error_code ec) {
                           stored += ec ? 0 : 1;
                           refused += ec == errc::outbox_full ? 1 : 0;
                       });
    io.run();
    BOOST_TEST(stored + refused == 50);
    BOOST_TEST(stored > 0);
    BOOST_TEST(d.all().size() == static_cast<std::size_t>(stored));
}

BOOST_AUTO_TEST_CASE(what_an_operator_can_ask)
{
    disk d;
    d.open();
    for (std::uint64_t id = 1; id <= 5; ++id)
        BOOST_TEST(!d.put(record(id, sms_state::accepted, d.time)));
    auto r = record(3, sms_state::accepted, d.time);
    r.attempts = {{1, d.time.wall_now(), true, true, "unknown"}};
    settle_as(r, sms_state::failed, d.time);
    BOOST_TEST(!d.put(r));
    const auto newest = run(d.store->list(std::nullopt, 2)).value();
    BOOST_REQUIRE(newest.size() == 2U);
    BOOST_TEST(newest[0].id.value == 5U);
    BOOST_TEST(run(d.store->list(sms_state::failed, 10)).value().size() == 1U);
    const auto found = run(d.store->find(sms_id{3})).value();
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->attempts.size() == 1U);
    BOOST_TEST(found->attempts[0].reason == "unknown");
    BOOST_TEST(!run(d.store->find(sms_id{6})).value());
    const auto counts = run(d.store->count()).value();
    BOOST_TEST(counts.at(sms_state::accepted) == 4U);
    BOOST_TEST(counts.at(sms_state::failed) == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_settled_is_forgotten_after_a_day)
{
    disk d;
    d.open();
    auto r = record(1, sms_state::accepted, d.time);
    settle_as(r, sms_state::failed, d.time);
    BOOST_TEST(!d.put(r));
    BOOST_TEST(!d.put(record(2, sms_state::accepted, d.time)));
    d.time.advance(25h);
    BOOST_TEST(!d.put(record(3, sms_state::accepted, d.time)));
    BOOST_TEST(!d.put(record(4, sms_state::accepted, d.time)));
    BOOST_TEST(!run(d.store->find(sms_id{1})).value());
    BOOST_TEST(run(d.store->find(sms_id{2})).value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
