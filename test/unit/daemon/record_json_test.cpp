// How times, SMS and errors are written for operators.
#include "control_rig.hpp"
#include "daemon/sms_json.hpp"
#include "daemon/wall_time_text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

clock::wall_time at(std::chrono::milliseconds since_1970)
{
    return clock::wall_time(since_1970);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(record_json_suite)

BOOST_AUTO_TEST_CASE(times_are_in_utc_with_milliseconds)
{
    BOOST_TEST(wall_time_text(at(0ms)) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(wall_time_text(at(1'700'000'000'042ms)) == "2023-11-14T22:13:20.042Z");
    BOOST_TEST(wall_time_text(at(1'709'164'800'000ms)) == "2024-02-29T00:00:00.000Z");
    BOOST_TEST(wall_time_text(at(-1ms)) == "1969-12-31T23:59:59.999Z");
    BOOST_TEST(wall_time_text(clock::wall_time(1'999'999us)) == "1970-01-01T00:00:01.999Z");
}

BOOST_AUTO_TEST_CASE(an_sms_is_shown_without_what_is_private)
{
    const auto o = sms_json(waiting_record(7), {});
    BOOST_TEST(boost::json::serialize(o) ==
               R"({"id":"0000000000007","session":"7f3a9c21-5d1e","recipient":"***678",)"
               R"("state":"waiting_retry","reason":"smsc_unavailable","attempts":1,"segments":1,)"
               R"("accepted":"2023-11-14T22:13:20.000Z","due":"2023-11-14T22:13:24.000Z",)"
               R"("settled":null,"handed_off":true,"client_ref":"order-17"})");
}

BOOST_AUTO_TEST_CASE(what_is_private_is_shown_when_asked_for)
{
    disclosure all;
    all.numbers = all.content = true;
    const auto o = sms_json(waiting_record(7), all);
    BOOST_TEST(o.at("recipient").as_string() == "4915112345678");
    BOOST_TEST(o.at("text").as_string() == "Your code is 4242.");
    all.content = false;
    BOOST_TEST(!sms_json(waiting_record(7), all).contains("text"));
}

BOOST_AUTO_TEST_CASE(a_settled_sms_has_no_time_to_wait_for)
{
    auto r = waiting_record(7);
    r.state = sms_state::assumed_sent;
    r.settled_at = r.due + 30s;
    r.recipient.clear();
    r.text.clear();
    r.outcome.attempts = 2;
    r.outcome.handed_off = false;
    disclosure all;
    all.numbers = all.content = true;
    const auto o = sms_json(r, all);
    BOOST_TEST(o.at("due").is_null());
    BOOST_TEST(o.at("settled").as_string() == "2023-11-14T22:13:54.000Z");
    BOOST_TEST(o.at("recipient").as_string() == "");
    BOOST_TEST(o.at("attempts").to_number<int>() == 2);
    BOOST_TEST(!o.at("handed_off").as_bool());
    BOOST_TEST(!o.contains("text"));
}

BOOST_AUTO_TEST_CASE(each_attempt_has_its_history)
{
    BOOST_TEST(boost::json::serialize(history_json(waiting_record(7))) ==
               R"([{"attempt":1,"started":"2023-11-14T22:13:21.000Z","written":true,)"
               R"("handed_off":true,"reason":"smsc_unavailable"}])");
}

BOOST_AUTO_TEST_CASE(every_error_has_its_status)
{
    struct row {
        errc code;
        unsigned status;
        std::string_view name;
    };
    const row rows[] = {{errc::not_json, 400, "not_json"},
                        {errc::invalid_value, 422, "invalid_value"},
                        {errc::invalid_phone_number, 422, "invalid_phone_number"},
                        {errc::sms_too_long, 422, "sms_too_long"},
                        {errc::session_over, 409, "session_over"},
                        {errc::no_connection, 409, "no_connection"},
                        {errc::sms_duplicate_suppressed, 409, "sms_duplicate_suppressed"},
                        {errc::sms_client_ref_conflict, 409, "sms_client_ref_conflict"},
                        {errc::sms_session_interval, 429, "sms_session_interval"},
                        {errc::sms_process_rate, 429, "sms_process_rate"},
                        {errc::queue_full, 429, "queue_full"},
                        {errc::shutting_down, 503, "shutting_down"},
                        {errc::storage_full, 503, "storage_full"},
                        {errc::pong_timeout, 500, "internal"}};
    for (const auto& r : rows) {
        const auto e = error_of({make_error_code(r.code), "sms", "why"});
        BOOST_TEST(e.status == r.status, r.name);
        BOOST_TEST(e.code == r.name);
        BOOST_TEST(e.field == "sms");
        BOOST_TEST(e.text == "why");
    }
    const error_code system(ENOSPC, boost::system::system_category());
    BOOST_TEST(error_of({system, "", "no space"}).code == "internal");
}

// Every error that can refuse an SMS or an action is one that a program can tell.
BOOST_AUTO_TEST_CASE(no_refusal_of_an_sms_is_an_internal_error)
{
    std::set<std::string> names;
    for (int code = static_cast<int>(errc::no_usable_number);
         code <= static_cast<int>(errc::storage_failed); ++code)
        names.insert(error_of({make_error_code(static_cast<errc>(code)), "", "why"}).code);
    BOOST_TEST(!names.contains("internal"));
    BOOST_TEST(names.size() == static_cast<std::size_t>(errc::storage_failed) -
                                   static_cast<std::size_t>(errc::no_usable_number) + 1);
}

BOOST_AUTO_TEST_SUITE_END()
