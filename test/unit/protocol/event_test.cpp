#include "aiflow/event.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

namespace aiflow::test {
namespace {

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(names_and_answers)
{
    struct row {
        event e;
        std::string_view name;
        bool answerable;
    };
    const row rows[] = {
        {session_start{}, "session_start", true},
        {user_speech_started{}, "user_speech_started", false},
        {user_speak{}, "user_speak", true},
        {user_barge_in{}, "user_barge_in", true},
        {dtmf_received{}, "dtmf_received", true},
        {assistant_speak{}, "assistant_speak", true},
        {assistant_speech_ended{}, "assistant_speech_ended", true},
        {user_input_timeout{}, "user_input_timeout", true},
        {sms_failed{}, "sms_failed", true},
        {session_end{}, "session_end", false},
        {unknown_event{"brand_new", "{}"}, "brand_new", false},
    };
    static_assert(std::size(rows) == std::variant_size_v<event>);
    for (const auto& r : rows) {
        BOOST_TEST(type_name(r.e) == r.name);
        BOOST_TEST(is_answerable(r.e) == r.answerable, r.name);
    }
}

BOOST_AUTO_TEST_CASE(a_short_session_forgets_nothing)
{
    auto known = full_session();
    known.merge({.id = known.id});
    BOOST_TEST((known == full_session()));
    known.merge({.id = known.id, .to_phone_number = "1234567"});
    BOOST_TEST(known.to_phone_number == "1234567");
    BOOST_TEST(known.account_id == "account-123");
    session_info empty;
    empty.merge(full_session());
    BOOST_TEST((empty == full_session()));
}

BOOST_AUTO_TEST_CASE(the_human_is_the_other_end)
{
    auto s = full_session();
    BOOST_TEST((s.directed() == call_direction::inbound));
    BOOST_TEST(s.human()->digits() == "4915112345678");
    s.direction = "outbound";
    BOOST_TEST((s.directed() == call_direction::outbound));
    BOOST_TEST(s.human()->digits() == "4921112345");
    s.direction = "sideways";
    BOOST_TEST((s.directed() == call_direction::unknown));
    BOOST_TEST(s.human()->digits() == "4915112345678");
    s.from_phone_number = "+4915187654321";
    BOOST_TEST(s.human()->digits() == "4915187654321");
}

BOOST_AUTO_TEST_CASE(a_withheld_number_is_no_number)
{
    struct row {
        session_info session;
        std::string_view field;
    };
    const row rows[] = {
        {{.from_phone_number = "anonymous"}, "session.from_phone_number"},
        {{.from_phone_number = ""}, "session.from_phone_number"},
        {{.from_phone_number = "01511234567"}, "session.from_phone_number"},
        {{.direction = "outbound", .from_phone_number = "4915112345678"},
         "session.to_phone_number"},
    };
    for (const auto& r : rows) {
        const auto human = r.session.human();
        BOOST_TEST_REQUIRE(human.has_error());
        BOOST_TEST((human.error().code == errc::no_usable_number));
        BOOST_TEST(human.error().field == r.field);
        BOOST_TEST(human.error().text.find("anonymous") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_word_is_found_in_what_was_said)
{
    const user_speak e{"Please text me the Code.", false};
    BOOST_TEST(e.mentions("code"));
    BOOST_TEST(e.mentions("PLEASE"));
    BOOST_TEST(e.mentions("Code."));
    BOOST_TEST(!e.mentions("codes"));
    BOOST_TEST(!e.mentions(""));
    BOOST_TEST(!user_speak{}.mentions("code"));
    BOOST_TEST(!user_speak{}.mentions(""));
}

BOOST_AUTO_TEST_CASE(reasons_of_failed_sms)
{
    struct row {
        std::string_view text;
        sms_reason reason;
        bool account;
    };
    const row rows[] = {
        {"smsc_unavailable", sms_reason::smsc_unavailable, false},
        {"sender_not_allowed", sms_reason::sender_not_allowed, true},
        {"insufficient_balance", sms_reason::insufficient_balance, true},
        {"no_sms_extension", sms_reason::no_sms_extension, true},
        {"unknown", sms_reason::unknown, false},
    };
    for (const auto& r : rows) {
        BOOST_TEST((sms_reason_from(r.text) == r.reason), r.text);
        BOOST_TEST(to_string(r.reason) == r.text);
        BOOST_TEST(is_account_level(r.reason) == r.account, r.text);
        BOOST_TEST((sms_failed{"", std::string(r.text), ""}.why() == r.reason));
    }
    for (const auto odd : {"quota_exceeded", "", "SMSC_UNAVAILABLE", "none", "other"})
        BOOST_TEST((sms_reason_from(odd) == sms_reason::other), odd);
    BOOST_TEST(to_string(sms_reason::none) == "");
    BOOST_TEST(to_string(sms_reason::other) == "");
    BOOST_TEST(!is_account_level(sms_reason::other));
}

BOOST_AUTO_TEST_CASE(causes_have_names)
{
    BOOST_TEST(to_string(end_cause::service) == "service");
    BOOST_TEST(to_string(end_cause::expired) == "expired");
    BOOST_TEST(to_string(end_cause::connection_lost) == "connection_lost");
    BOOST_TEST(to_string(end_cause::overflow) == "overflow");
    BOOST_TEST(to_string(end_cause::shut_down) == "shut_down");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
