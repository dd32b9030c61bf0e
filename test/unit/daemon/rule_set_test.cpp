#include "rules_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

incoming_event event_of(event e, std::string from = "+4915112345678")
{
    incoming_event in;
    in.session.id = "abc";
    in.session.direction = "inbound";
    in.session.phone_number = "4921155501234";
    in.session.from_phone_number = std::move(from);
    in.session.to_phone_number = "+4921155501234";
    in.event = std::move(e);
    return in;
}

incoming_event said(std::string text, bool barged_in = false)
{
    return event_of(user_speak{std::move(text), barged_in});
}

/// What the rule that is chosen says; "" for one that says nothing, "-" when none is chosen.
std::string choice(const rule_set& rules, const incoming_event& e, rule_counts& counts)
{
    const auto chosen = rules.choose(e, counts);
    if (!chosen)
        return "-";
    if (chosen->actions.empty())
        return "";
    const auto* s = std::get_if<speak>(&chosen->actions.front().frame);
    return s == nullptr ? "" : s->text + s->ssml;
}

std::string choice(std::string_view toml, const incoming_event& e)
{
    rule_counts counts;
    return choice(rule_set(rules_of(toml).rules), e, counts);
}

std::string one_rule(std::string_view criteria)
{
    return "[[rule]]\n" + std::string(criteria) + "\ndo = [{ say = 'yes' }]";
}

rule_outcome outcome(std::string_view toml, const incoming_event& e)
{
    rule_counts counts;
    auto chosen = rule_set(rules_of(toml).rules).choose(e, counts);
    BOOST_TEST_REQUIRE(chosen.has_value());
    return std::move(*chosen);
}

template <class Action>
Action first(const rule_outcome& o)
{
    BOOST_TEST_REQUIRE(!o.actions.empty());
    return std::get<Action>(o.actions.front().frame);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_set_suite)

BOOST_AUTO_TEST_CASE(each_criterion_takes_and_leaves)
{
    incoming_event outbound = said("x");
    outbound.session.direction = "outbound";
    incoming_event undirected = said("x");
    undirected.session.direction = "";
    const auto fail = [](std::string reason) {
        return event_of(sms_failed{"4915112345678", std::move(reason), ""});
    };
    const struct {
        std::string criteria;
        incoming_event taken;
        incoming_event left;
    } cases[] = {
        {"on = 'user_speak'", said("x"), event_of(user_input_timeout{})},
        {"on = ['session_start', 'assistant_speech_ended']", event_of(assistant_speech_ended{}),
         event_of(assistant_speak{})},
        {"on = 'other:call_paused'", event_of(unknown_event{"call_paused", "{}"}),
         event_of(unknown_event{"call_resumed", "{}"})},
        {"on = 'user_speak'\ntext = 'code'", said("Code"), said("coat")},
        {"on = 'user_barge_in'\ntext = 'stop'", event_of(user_barge_in{"stop"}),
         event_of(user_barge_in{})},
        {"on = 'assistant_speak'\ntext = 'hello'", event_of(assistant_speak{.text = "Hello."}),
         event_of(assistant_speak{})},
        {"on = 'dtmf_received'\ndigit = '1'", event_of(dtmf_received{"1"}),
         event_of(dtmf_received{"11"})},
        {"on = 'dtmf_received'\ndigit = ['*', '#']", event_of(dtmf_received{"#"}),
         event_of(dtmf_received{"0"})},
        {"on = 'sms_failed'\nreason = 'sender_not_allowed'", fail("sender_not_allowed"),
         fail("unknown")},
        {"on = 'sms_failed'\nreason = ['unknown', 'other:paused']", fail("paused"), fail("")},
        {"on = 'user_speak'\ndirection = 'inbound'", said("x"), outbound},
        {"on = 'user_speak'\ndirection = 'outbound'", outbound, undirected},
        {"on = 'user_speak'\ncalled = ['+4930123456', '4921155501234']", said("x"),
         [] {
             auto e = said("x");
             e.session.to_phone_number = "4921155501235";
             return e;
         }()},
        {"on = 'user_speak'\nwithheld = true", event_of(user_speak{"x"}, "anonymous"), said("x")},
        {"on = 'user_speak'\nwithheld = false", said("x"), event_of(user_speak{"x"}, "")},
        {"on = 'session_start'\nresumed = true", event_of(session_start{true}),
         event_of(session_start{})},
        {"on = 'session_start'\nresumed = false", event_of(session_start{}),
         event_of(session_start{true})},
        {"on = 'user_speak'\nbarged_in = true", said("x", true), said("x")},
    };
    for (const auto& c : cases) {
        BOOST_TEST_CONTEXT(c.criteria)
        {
            BOOST_TEST(choice(one_rule(c.criteria), c.taken) == "yes");
            BOOST_TEST(choice(one_rule(c.criteria), c.left) == "-");
        }
    }
}

BOOST_AUTO_TEST_CASE(all_criteria_have_to_hold)
{
    const auto rule = one_rule("on = 'user_speak'\ntext = 'code'\nbarged_in = true");
    BOOST_TEST(choice(rule, said("code", true)) == "yes");
    BOOST_TEST(choice(rule, said("code")) == "-");
    BOOST_TEST(choice(rule, said("coat", true)) == "-");
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_matches_is_carried_out)
{
    const char* rules = "[[rule]]\non = 'user_speak'\ntext = 'no code'\ndo = []\n"
                        "[[rule]]\non = 'user_speak'\ntext = 'code'\ndo = [{ say = 'code' }]\n"
                        "[[rule]]\non = 'user_speak'\ndo = [{ say = 'rest' }]\n";
    BOOST_TEST(choice(rules, said("the code")) == "code");
    BOOST_TEST(choice(rules, said("no code")) == "");
    BOOST_TEST(choice(rules, said("hello")) == "rest");
    BOOST_TEST(choice(rules, event_of(session_start{})) == "-");
}

BOOST_AUTO_TEST_CASE(a_rule_steps_aside_when_it_was_used_up_in_a_call)
{
    const rule_set rules(rules_of("[[rule]]\non = 'user_input_timeout'\nat_most = 2\n"
                                  "do = [{ say = 'hello?' }]\n"
                                  "[[rule]]\non = 'user_input_timeout'\ndo = [{ say = 'bye' }]")
                             .rules);
    rule_counts one;
    rule_counts other;
    const auto timeout = event_of(user_input_timeout{});
    BOOST_TEST(choice(rules, timeout, one) == "hello?");
    BOOST_TEST(choice(rules, timeout, one) == "hello?");
    BOOST_TEST(choice(rules, timeout, one) == "bye");
    BOOST_TEST(choice(rules, timeout, other) == "hello?");
}

BOOST_AUTO_TEST_CASE(an_sms_goes_to_the_human_unless_it_says_otherwise)
{
    const auto sms = [](std::string_view to, const incoming_event& e) {
        return first<send_sms>(outcome("[[rule]]\non = 'user_speak'\ntext = '([\\d /.()-]+)?$'\n"
                                       "do = [{ send_sms = 'Hi {session.id}'" +
                                           std::string(to) + " }]",
                                       e));
    };
    auto outbound = said("x");
    outbound.session.direction = "outbound";
    BOOST_TEST(sms("", said("x")).phone_number.digits() == "4915112345678");
    BOOST_TEST(sms("", said("x")).message == "Hi abc");
    BOOST_TEST(sms("", outbound).phone_number.digits() == "4921155501234");
    BOOST_TEST(sms(", to = '+4930123456'", said("x")).phone_number.digits() == "4930123456");
    BOOST_TEST(sms(", to = '{match.1}'", said("49 (30) 12-34.56/7")).phone_number.digits() ==
               "4930123456"
               "7");
    BOOST_TEST(sms(", to = '49{match.1}'", said("30 123456")).phone_number.digits() ==
               "4930123456");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_addressed_is_left_out_and_named_without_its_value)
{
    const char* rules = "[[rule]]\non = 'user_speak'\ntext = '(.*)'\ndo = [\n"
                        "{ send_sms = 'secret', to = '{match.1}' }, { send_sms = 'secret' },\n"
                        "{ say = 'done' }]";
    const auto o = outcome(rules, event_of(user_speak{"0151 1234567"}, "anonymous"));
    BOOST_TEST(first<speak>(o).text == "done");
    BOOST_TEST_REQUIRE(o.skipped.size() == 2u);
    BOOST_TEST(o.skipped[0].is_sms);
    BOOST_TEST(to_string(o.skipped[0].why).find("1512345") == std::string::npos);
    BOOST_TEST(to_string(o.skipped[0].why).starts_with("send_sms.phone_number: "));
    BOOST_TEST(to_string(o.skipped[1].why) ==
               "send_sms.phone_number: is empty: the number is not known");
}

BOOST_AUTO_TEST_CASE(a_withheld_number_is_put_through_under_that_of_the_call)
{
    const auto transferred = [](std::string_view options, std::string from) {
        return first<transfer>(outcome("[[rule]]\non = 'user_input_timeout'\ndo = "
                                       "[{ transfer = '+493012345'" +
                                           std::string(options) + " }]",
                                       event_of(user_input_timeout{}, std::move(from))));
    };
    const auto shown = transferred(", caller_id_number = '{caller}'", "4915112345678");
    BOOST_TEST(shown.target.digits() == "493012345");
    BOOST_TEST(shown.caller_id_number == "4915112345678");
    BOOST_TEST(shown.caller_id_name == "4915112345678");
    BOOST_TEST(!shown.timeout_seconds.has_value());
    const auto withheld = transferred(
        ", caller_id_number = '{caller}', caller_id_name = 'Desk', timeout = '30s'", "");
    BOOST_TEST(withheld.caller_id_number == "4921155501234");
    BOOST_TEST(withheld.caller_id_name == "Desk");
    BOOST_TEST((withheld.timeout_seconds == 30));
    BOOST_TEST(transferred("", "").caller_id_number == "4921155501234");
}

BOOST_AUTO_TEST_CASE(the_options_of_speech_go_along)
{
    const auto o =
        outcome("[[rule]]\non = 'user_speak'\ndo = [{ say_ssml = '<speak>{text}</speak>',"
                "language = 'de-DE', voice = 'de-DE-KatjaNeural', "
                "barge_in = { strategy = 'immediate', allow_after = '500ms' }, "
                "user_input_timeout = '8s', end_of_turn_silence = '900ms' }]",
                said("a < b"));
    speak wanted;
    wanted.ssml = "<speak>a &lt; b</speak>";
    wanted.tts = azure_voice{"de-DE", "de-DE-KatjaNeural"};
    wanted.barge_in = barge_in_options{barge_in_strategy::immediate, {}, 500};
    wanted.user_input_timeout_seconds = 8;
    wanted.vad = vad_options{900};
    BOOST_TEST((first<speak>(o) == wanted));
    BOOST_TEST(o.actions.front().speaks_for.count() == 5000 + 100 * 23);
}

BOOST_AUTO_TEST_CASE(a_text_without_end_is_cut_between_characters)
{
    std::string text(64 * 1024 - 1, 'a');
    text += "\xc3\xbc"
            "code";
    BOOST_TEST(choice(one_rule("on = 'user_speak'\ntext = 'code'"), said(text)) == "-");
    const auto whole = choice("[[rule]]\non = 'user_speak'\ntext = '^a+$'\n"
                              "do = [{ say = '{match.0}' }]",
                              said(text));
    BOOST_TEST(whole.size() == 64u * 1024 - 1);
    BOOST_TEST(longest_speech(whole).count() == 120'000);
}

BOOST_AUTO_TEST_SUITE_END()
