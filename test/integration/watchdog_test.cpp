#include "daemon/watchdog.hpp"

#include "datagram_peer.hpp"
#include "manual_clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

struct watchdog_rig {
    watchdog_rig()
        : systemd(folder.path("notify")), manager(folder.path("notify"), log),
          dog(
              time, manager, 15s, [this] { return trouble; }, log)
    {
        asio::co_spawn(io, dog.run(),
                       asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr e) {
                           ended = true;
                           failed = e != nullptr;
                       }));
        settle(io);
    }

    ~watchdog_rig()
    {
        cancel.emit(asio::cancellation_type::terminal);
        settle(io);
        BOOST_TEST(ended);
        BOOST_TEST(!failed);
    }

    lines after(clock::duration span)
    {
        run_for(io, time, span);
        return systemd.take();
    }

    scratch_folder folder;
    lines logged;
    logger log{[this](const log_record& r) { logged.emplace_back(r.id); }};
    datagram_peer systemd;
    asio::io_context io;
    manual_clock time;
    service_manager manager;
    std::optional<std::string> trouble;
    watchdog dog;
    asio::cancellation_signal cancel;
    bool ended = false;
    bool failed = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(watchdog_suite)

BOOST_FIXTURE_TEST_CASE(it_is_fed_once_an_interval, watchdog_rig)
{
    BOOST_TEST(after(14'999ms).empty());
    BOOST_TEST(after(1ms) == (lines{"WATCHDOG=1"}), boost::test_tools::per_element());
    BOOST_TEST(after(60s).size() == 4U);
    BOOST_TEST(logged.empty());
}

BOOST_FIXTURE_TEST_CASE(a_loop_that_is_not_run_does_not_feed_it, watchdog_rig)
{
    time.advance(15s);
    BOOST_TEST(systemd.take().empty());
    settle(io);
    BOOST_TEST(systemd.take().size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(it_is_fed_behind_what_was_ready, watchdog_rig)
{
    bool early = false;
    bool ran = false;
    time.advance(15s);  // wakes the watchdog, which is still to run
    asio::post(io, [&] {
        early = !systemd.take().empty();
        ran = true;
    });
    settle(io);
    BOOST_TEST(ran);
    BOOST_TEST(!early);
    BOOST_TEST(systemd.take().size() == 1U);
}

// Fault F21: the process was stopped for a minute.
BOOST_FIXTURE_TEST_CASE(a_process_that_goes_on_feeds_it_once, watchdog_rig)
{
    time.advance(60s);
    settle(io);
    BOOST_TEST(systemd.take() == (lines{"WATCHDOG=1"}), boost::test_tools::per_element());
    BOOST_TEST(after(14'999ms).empty());
    BOOST_TEST(after(1ms).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_process_that_does_not_work_does_not_feed_it, watchdog_rig)
{
    trouble = "the outbox does not answer";
    BOOST_TEST(after(60s).empty());
    BOOST_TEST(logged == (lines{"service.unhealthy"}), boost::test_tools::per_element());
    trouble.reset();
    BOOST_TEST(after(30s).size() == 2U);
    BOOST_TEST(logged == (lines{"service.unhealthy", "service.healthy"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
