// An outbox that fails (reliability.md 3.6, last row).
#include "tracker_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

BOOST_AUTO_TEST_SUITE(storage)

BOOST_AUTO_TEST_CASE(what_cannot_be_stored_is_not_accepted)
{
    for (const auto why : {errc::storage_full, errc::storage_failed, errc::outbox_full}) {
        tracker_rig r;
        r.disk_error = make_error_code(why);
        r.submit("text", {.client_ref = "k"});
        BOOST_REQUIRE(r.answers.size() == 1u);
        BOOST_TEST(r.answers[0].result.error().code == make_error_code(why));
        BOOST_TEST(r.answers[0].result.error().field == "outbox");
        BOOST_TEST(r.frames.empty());
        BOOST_TEST(r.outcomes.empty());
        BOOST_TEST(r.tracker->remembered().messages == 0u);
        BOOST_TEST(r.tracker->statistics().open == 0u);
        // Neither its key nor its caps are used up.
        r.disk_error = {};
        const auto again = r.submit("text", {.client_ref = "k"});
        BOOST_TEST(!again.value().ticket.repeated);
        BOOST_TEST(r.frames.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(what_was_not_accepted_takes_none_of_the_session_s_numbers)
{
    auto rules = tracker_rig::uncapped();
    rules.session_recipients = 1;
    tracker_rig r(rules);
    r.disk_error = make_error_code(errc::storage_full);
    r.submit("one");
    r.disk_waits = true;
    r.submit("two");
    r.submit("three");
    r.finish_stores();
    BOOST_REQUIRE(r.answers.size() == 3u);
    r.disk_error = {};
    r.disk_waits = false;
    BOOST_TEST(r.submit("four", {}, someone_else).has_value());
    BOOST_TEST((r.submit("five").error().code == errc::sms_session_recipients));
}

BOOST_AUTO_TEST_CASE(the_number_stays_with_a_message_that_was_accepted)
{
    auto rules = tracker_rig::uncapped();
    rules.session_recipients = 1;
    tracker_rig r(rules);
    r.disk_waits = true;
    r.submit("one");
    r.submit("two");
    r.disk_error = make_error_code(errc::storage_full);
    const auto second = r.at_disk.back();
    r.at_disk.pop_back();
    r.finish_stores();
    r.disk_error = {};
    r.at_disk.push_back(second);
    r.finish_stores();
    r.disk_waits = false;
    BOOST_TEST((r.submit("three", {}, someone_else).error().code == errc::sms_session_recipients));
}

BOOST_AUTO_TEST_CASE(without_sending_on_disk_nothing_is_written)
{
    tracker_rig r;
    r.disk_error = make_error_code(errc::storage_full);
    r.disk_error_for = sms_state::sending;
    const auto id = r.send();
    BOOST_TEST(r.answers.at(0).result.has_value());
    r.run(1min);
    BOOST_TEST(r.frames.empty());
    BOOST_TEST(r.outcomes.empty());
    r.disk_error = {};
    r.run(1s);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(r.last_key().attempt == 1u);
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_CASE(or_it_expires)
{
    tracker_rig r;
    r.disk_error = make_error_code(errc::storage_failed);
    r.disk_error_for = sms_state::sending;
    const auto id = r.send();
    r.run(5min);
    BOOST_TEST((r.outcome(id).state == sms_state::expired));
    BOOST_TEST(r.outcome(id).attempts == 0u);
    BOOST_TEST(r.journal.size() < 2000u);
}

BOOST_AUTO_TEST_CASE(a_retry_goes_on_when_its_failure_could_not_be_stored)
{
    tracker_rig r;
    r.send();
    r.disk_error = make_error_code(errc::storage_full);
    r.disk_error_for = sms_state::waiting_retry;
    BOOST_TEST(r.fail().will_retry);
    r.run(3s);
    BOOST_TEST(r.frames.size() == 2u);  // `sending` of the second attempt is on disk
}

BOOST_AUTO_TEST_CASE(what_is_in_flight_goes_on)
{
    tracker_rig r;
    const auto id = r.send();
    r.disk_error = make_error_code(errc::storage_failed);
    r.run(31s);
    BOOST_TEST((r.outcome(id).state == sms_state::assumed_sent));
}

BOOST_AUTO_TEST_SUITE_END()
