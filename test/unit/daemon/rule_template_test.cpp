#include "daemon/rule_template.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;

namespace {

using texts = std::vector<std::string>;

const texts speech{"user_speak"};
const texts keys{"dtmf_received"};
const texts failures{"sms_failed"};

std::string expanded(std::string_view text, const texts& events, const placeholder_values& v,
                     value_form form = value_form::plain)
{
    texts complaints;
    const auto t = rule_template::parse(text, {events, true, 9}, complaints);
    BOOST_TEST(complaints.empty());
    return t.expand(v, form);
}

texts complaints_of(std::string_view text, const placeholder_scope& scope)
{
    texts complaints;
    rule_template::parse(text, scope, complaints);
    return complaints;
}

void refuse(std::string_view text, const placeholder_scope& scope, const std::string& complaint)
{
    const auto found = complaints_of(text, scope);
    BOOST_TEST(found == texts{complaint}, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_template_suite)

BOOST_AUTO_TEST_CASE(every_placeholder_has_its_value)
{
    session_info call;
    call.id = "abc";
    call.account_id = "acc";
    call.phone_number = "1";
    call.from_phone_number = "2";
    call.to_phone_number = "3";
    call.direction = "inbound";
    placeholder_values v;
    v.session = &call;
    v.caller = "4915112345678";
    v.text = "all of it";
    v.digit = "#";
    v.sms_recipient = "5";
    v.sms_reason = "unknown";
    v.groups = {"whole", "first", ""};
    BOOST_TEST(expanded("{session.id} {session.account_id} {session.phone_number} "
                        "{session.from_phone_number} {session.to_phone_number} "
                        "{session.direction}",
                        speech, v) == "abc acc 1 2 3 inbound");
    BOOST_TEST(expanded("{caller}, {text}: {match.0} {match.1}[{match.2}][{match.9}]", speech, v) ==
               "4915112345678, all of it: whole first[][]");
    BOOST_TEST(expanded("{digit}", keys, v) == "#");
    BOOST_TEST(expanded("{sms.recipient} {sms.reason}", failures, v) == "5 unknown");
}

BOOST_AUTO_TEST_CASE(braces_can_be_written)
{
    BOOST_TEST(expanded("{{caller} and } and {{{{", speech, {}) == "{caller} and } and {{");
    texts none;
    BOOST_TEST(rule_template::parse("{{x}", {}, none).constant());
    BOOST_TEST(rule_template::parse("", {}, none).constant());
    BOOST_TEST(!rule_template::parse("x{caller}", {}, none).constant());
}

BOOST_AUTO_TEST_CASE(a_value_is_never_markup)
{
    placeholder_values v;
    v.text = "<break/> & \"a\" 'b'\n{caller}";
    BOOST_TEST(expanded("<speak>{text}</speak>", speech, v, value_form::xml) ==
               "<speak>&lt;break/&gt; &amp; &quot;a&quot; &apos;b&apos; {caller}</speak>");
    BOOST_TEST(expanded("<b>{text}", speech, v) == "<b><break/> & \"a\" 'b'\n{caller}");
}

BOOST_AUTO_TEST_CASE(what_is_no_placeholder_is_refused)
{
    const placeholder_scope scope{speech, true, 1};
    refuse("{sesion.id}", scope, "`{sesion.id}` is no placeholder; did you mean `{session.id}`?");
    refuse("{frobnicator}", scope,
           "`{frobnicator}` is no placeholder; known are `session.id`, `session.account_id`, "
           "`session.phone_number`, `session.from_phone_number`, `session.to_phone_number`, "
           "`session.direction`, `caller`, `digit`, `text`, `sms.recipient`, `sms.reason` or "
           "`match.1`, in braces");
    refuse("a {caller", scope, "has a `{` without its `}`; write `{{` for a brace");
    refuse("{ \"secret\": 1 }", scope,
           "has a `{` that begins no placeholder; write `{{` for a brace");
    refuse("{}", scope, "has a `{` that begins no placeholder; write `{{` for a brace");
    refuse("{match.10}", scope,
           "`{match.10}` is no placeholder; groups are `{match.1}` to `{match.9}`, and "
           "`{match.0}` is all that matched");
    refuse("{match.2}", scope,
           "`{match.2}` is beyond the groups of `text`, which has 1; put what is meant into ( )");
    refuse("{match.0}", {speech, false, 0}, "`{match.0}` needs a `text` in this rule");
}

BOOST_AUTO_TEST_CASE(what_an_event_does_not_have_is_refused)
{
    refuse("{digit}", {speech}, "`{digit}` belongs to `dtmf_received`; `user_speak` has none");
    refuse("{text}", {keys},
           "`{text}` belongs to `user_speak`, `user_barge_in` or `assistant_speak`; "
           "`dtmf_received` has none");
    const texts both{"sms_failed", "user_speak"};
    refuse("{sms.reason}", {both}, "`{sms.reason}` belongs to `sms_failed`; `user_speak` has none");
}

BOOST_AUTO_TEST_CASE(all_complaints_come_at_once)
{
    BOOST_TEST(complaints_of("{a.b} {digit} {", {speech}).size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
