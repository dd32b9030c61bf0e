// What is noted for the log, and for whom.
#include "sms/sms_log.hpp"
#include "sms/sms_tracker.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace aiflow;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(notes)

BOOST_AUTO_TEST_CASE(a_note_is_as_loud_as_it_is_taken_to_be)
{
    using about = sms_command::note::about;
    for (const auto what : {about::accepted, about::retry, about::settled, about::failed,
                            about::cancelled, about::orphan, about::ambiguous, about::late,
                            about::breaker_open, about::breaker_closed, about::account_refused}) {
        std::vector<log_level> written;
        const logger log([&](const log_record& r) { written.push_back(r.level); },
                         log_level::debug);
        sms_command::note n;
        n.what = what;
        write_note(log, n);
        BOOST_REQUIRE(written.size() == 1U);
        BOOST_TEST((written.front() == level_of(what)));
        // A reader that is not interested gets nothing.
        if (what == about::accepted) {
            log.set_threshold(log_level::info);
            write_note(log, n);
            BOOST_TEST(written.size() == 1U);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_nobody_reads_is_not_noted)
{
    using about = sms_command::note::about;
    const sms_moment now{clock::time_point{1h}, clock::wall_time{1h}};
    sms_tracker tracker({}, 7, [](about what) { return what == about::settled; });
    tracker.session_up(now, "call");
    sms_submission s{{1}, "call", phone_number::parse("4915112345678").value(), "4242"};
    const auto taken = tracker.submit(now, std::move(s));
    BOOST_TEST(taken.has_value());
    std::vector<about> noted;
    const auto carry_out = [&](sms_moment at) {
        while (auto next = tracker.next_command()) {
            if (const auto* store = std::get_if<sms_command::store>(&*next))
                tracker.stored(at, store->id, store->step, {});
            if (const auto* transmit = std::get_if<sms_command::transmit>(&*next))
                tracker.written(at, transmit->key);
            if (const auto* n = std::get_if<sms_command::note>(&*next))
                noted.push_back(n->what);
        }
    };
    carry_out(now);
    BOOST_TEST(noted.empty());
    const sms_moment later{now.now + 1min, now.wall + 1min};
    tracker.tick(later);
    carry_out(later);
    BOOST_TEST(noted.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
