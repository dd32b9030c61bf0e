#include "daemon/sms_failure_filter.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;

namespace {

constexpr sms_id message{7};

sms_failure failed_once(bool will_retry)
{
    sms_failure f;
    f.event.recipient = "4915112345678";
    f.event.reason = "smsc_unavailable";
    f.match = sms_match::matched;
    f.id = message;
    f.will_retry = will_retry;
    return f;
}

sms_outcome outcome(sms_state state)
{
    sms_outcome o;
    o.id = message;
    o.state = state;
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sms_failure_filter_suite)

BOOST_AUTO_TEST_CASE(a_failure_that_is_retried_is_not_shown)
{
    sms_failure_filter filter(false);
    filter.accepted(message, "4915112345678");
    BOOST_TEST(!filter.failed(failed_once(true)));
    BOOST_TEST(!filter.ended(outcome(sms_state::assumed_sent)));
}

BOOST_AUTO_TEST_CASE(the_last_failure_is_shown_once)
{
    sms_failure_filter filter(false);
    filter.accepted(message, "4915112345678");
    BOOST_TEST(!filter.failed(failed_once(true)));
    const auto shown = filter.failed(failed_once(false));
    BOOST_TEST_REQUIRE(shown.has_value());
    BOOST_TEST(shown->reason == "smsc_unavailable");
    BOOST_TEST(!filter.ended(outcome(sms_state::failed)));
}

BOOST_AUTO_TEST_CASE(a_retry_that_could_not_be_made_shows_the_failure_before_it)
{
    for (const auto state : {sms_state::abandoned, sms_state::expired}) {
        sms_failure_filter filter(false);
        filter.accepted(message, "4915112345678");
        BOOST_TEST(!filter.failed(failed_once(true)));
        const auto shown = filter.ended(outcome(state));
        BOOST_TEST_REQUIRE(shown.has_value());
        BOOST_TEST((*shown == failed_once(true).event));
        BOOST_TEST(!filter.ended(outcome(state)));
    }
}

BOOST_AUTO_TEST_CASE(an_sms_that_never_went_out_is_a_failure_too)
{
    sms_failure_filter filter(false);
    filter.accepted(message, "4915112345678");
    const auto shown = filter.ended(outcome(sms_state::expired));
    BOOST_TEST_REQUIRE(shown.has_value());
    BOOST_TEST(shown->recipient == "4915112345678");
    BOOST_TEST(shown->reason == "unknown");
    BOOST_TEST(shown->message.find("expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(everything_is_shown_as_it_comes_when_that_is_asked_for)
{
    sms_failure_filter filter(true);
    filter.accepted(message, "4915112345678");
    BOOST_TEST(filter.failed(failed_once(true)).has_value());
    BOOST_TEST(filter.failed(failed_once(false)).has_value());
    BOOST_TEST(!filter.ended(outcome(sms_state::failed)));
}

BOOST_AUTO_TEST_CASE(a_failure_of_nothing_known_is_shown)
{
    sms_failure_filter filter(false);
    auto orphan = failed_once(false);
    orphan.id.reset();
    BOOST_TEST(filter.failed(orphan).has_value());
}

BOOST_AUTO_TEST_CASE(what_was_taken_back_is_no_failure)
{
    sms_failure_filter filter(false);
    filter.accepted(message, "4915112345678");
    BOOST_TEST(!filter.ended(outcome(sms_state::cancelled)));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_shown_unless_the_same_text_is_on_its_way)
{
    const problem too_soon{make_error_code(errc::sms_session_interval), "sms", "wait"};
    const auto shown = sms_failure_filter::refused("4915112345678", too_soon);
    BOOST_TEST_REQUIRE(shown.has_value());
    BOOST_TEST(shown->recipient == "4915112345678");
    const problem again{make_error_code(errc::sms_duplicate_suppressed), "sms", "again"};
    BOOST_TEST(!sms_failure_filter::refused("4915112345678", again));
}

BOOST_AUTO_TEST_SUITE_END()
