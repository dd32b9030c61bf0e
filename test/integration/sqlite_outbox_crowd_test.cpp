// Several at once in an outbox on disk: nobody is harmed by what becomes of another one.
#include "outbox_rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

struct opened {
    explicit opened(std::size_t max_bytes = std::size_t{1} << 26U) : store(options(max_bytes)) {}

    sqlite_outbox_options options(std::size_t max_bytes)
    {
        sqlite_outbox_options o;
        o.directory = place.path();
        o.time = &time;
        o.max_bytes = max_bytes;
        o.log = logger([this](const log_record& r) { log.emplace_back(r.id); });
        return o;
    }

    temporary_directory place;
    manual_clock time;
    std::vector<std::string> log;
    sqlite_outbox store;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(outbox_with_a_crowd)

BOOST_AUTO_TEST_CASE(a_new_one_for_which_there_is_no_room_takes_no_other_along)
{
    opened d(1U << 17U);
    std::uint64_t stored = 0;
    auto large = record(1, sms_state::accepted, d.time);
    large.text.assign(1500, 'x');
    for (error_code ec; !ec; ec = run(d.store.put(large, outbox::durability::before_completion)))
        large.id = {++stored};
    --stored;  // the last one found no room
    for (std::uint64_t id = 1; id <= stored; ++id) {
        auto settled = record(id, sms_state::accepted, d.time);
        settle_as(settled, sms_state::cancelled, d.time);
        asio::io_context io;
        asio::co_spawn(io, d.store.put(settled, outbox::durability::soon), asio::detached);
        large.id = {1000 + id};
        asio::co_spawn(io, d.store.put(large, outbox::durability::before_completion),
                       asio::detached);
        io.run();
    }
    std::size_t cancelled = 0;
    const auto all = run(d.store.load(24h)).value();
    for (const auto& r : all)
        cancelled += r.state == sms_state::cancelled ? 1U : 0U;
    BOOST_TEST(cancelled == stored);
    BOOST_TEST(std::count(d.log.begin(), d.log.end(), "outbox.late") == 0);
}

BOOST_AUTO_TEST_CASE(an_execution_context_may_go_while_somebody_waits)
{
    opened d;
    for (std::uint64_t id = 1; id <= 100; ++id) {
        asio::io_context io;
        asio::co_spawn(io,
                       d.store.put(record(id, sms_state::accepted, d.time),
                                   outbox::durability::before_completion),
                       asio::detached);
        io.poll();
    }
    BOOST_TEST(run(d.store.load(24h)).value().size() == 100U);
}

BOOST_AUTO_TEST_SUITE_END()
