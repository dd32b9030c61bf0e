// How rules are carried out in a call: the end of speech, interruptions, a new file.
#include "rules_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

using words = std::vector<std::string>;
using simulator::call_outcome;

// "bye" says goodbye and hangs up behind it; anything else is answered.
constexpr const char* goodbye = R"(
[[rule]]
on = "user_speak"
text = "bye"
do = [{ say = "Goodbye, and thank you for calling." }, { hang_up = "after_speech" }]

[[rule]]
on = "user_speak"
do = [{ say = "I see." }]
)";

const std::string mute = "speech.assistant_speech_ended = false\n";

std::string call(const std::string& steps)
{
    return "[[calls]]\nsteps = [" + steps + "]";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rules_bot_suite)

BOOST_AUTO_TEST_CASE(it_hangs_up_when_the_end_of_speech_is_told)
{
    rules_rig r(rules_of(goodbye));
    r.play(call("{ say = 'bye' }, { expect = 'speak' }, { expect = 'hangup' }"));
    // 35 characters at 15 in a second.
    BOOST_TEST((r.when("hangup") - r.when("speak") > 2200ms));
    BOOST_TEST((r.when("hangup") - r.when("speak") < 2500ms));
}

BOOST_AUTO_TEST_CASE(it_hangs_up_when_the_end_of_speech_is_never_told)
{
    rules_rig r(rules_of(goodbye));
    r.play(mute + call("{ say = 'bye' }, { expect = 'hangup', within = '10s' }"));
    BOOST_TEST((r.when("hangup") - r.when("speak") >= 8500ms));
    BOOST_TEST((r.when("hangup") - r.when("speak") < 8600ms));
    BOOST_TEST((r.outcome() == call_outcome::bot_hung_up));
}

BOOST_AUTO_TEST_CASE(events_are_answered_while_it_waits_and_heard_to_the_end)
{
    rules_rig r(rules_of(goodbye));
    r.play(mute + call("{ say = 'bye' }, { wait = '2s' }, { say = 'Wait' },\n"
                       "{ expect = 'speak', text = 'I see', within = '100ms' },\n"
                       "{ expect = 'hangup', within = '20s' }"));
    // 8.5 s for the goodbye and 5.6 s for what was said behind it.
    BOOST_TEST((r.when("hangup") >= 14s));
    BOOST_TEST((r.when("hangup") < 15s));
}

BOOST_AUTO_TEST_CASE(speech_before_it_is_waited_for_as_well)
{
    rules_rig r(rules_of("[[rule]]\non = 'user_speak'\ndo = [\n"
                         "{ say = 'This takes two seconds or so.' },\n"
                         "{ say = 'And this takes two seconds, too.' },\n"
                         "{ hang_up = 'after_speech' }]"));
    r.play(call("{ say = 'x' }, { expect = 'hangup' }"));
    BOOST_TEST((r.when("hangup") > 4s));
}

BOOST_AUTO_TEST_CASE(without_speech_it_hangs_up_at_once)
{
    rules_rig r(rules_of("[[rule]]\non = 'user_speak'\ndo = [{ hang_up = 'after_speech' }]"));
    r.play(call("{ say = 'x' }, { expect = 'hangup', within = '10ms' }"));
}

BOOST_AUTO_TEST_CASE(a_caller_who_interrupts_takes_it_back)
{
    rules_rig r(rules_of(goodbye));
    r.play(call("{ say = 'bye' }, { expect = 'speak' }, { wait = '1s' },\n"
                "{ say = 'No, wait', barged_in = true }, { expect = 'speak', text = 'I see' },\n"
                "{ expect_no = 'hangup', within = '60s' },\n"
                "{ say = 'bye' }, { expect = 'hangup' }"));
    BOOST_TEST((r.outcome() == call_outcome::bot_hung_up));
}

BOOST_AUTO_TEST_CASE(it_is_not_carried_out_behind_the_end_of_the_call)
{
    rules_rig r(rules_of(goodbye));
    r.begin(mute + call("{ say = 'bye' }, { expect = 'speak' }, { hang_up = true }"));
    r.finish();
    r.run(5min);
    BOOST_TEST(r.actions().size() == 1u);
    BOOST_TEST(r.env.calls.empty());
    BOOST_TEST(r.logged("bot.refused").empty());
}

// The goodbye was heard; what is due while the connection is away is not lost with it.
BOOST_AUTO_TEST_CASE(it_is_carried_out_when_the_call_is_back)
{
    // With a key nothing is said; the words are answered, and the end of that is not told.
    for (const std::string back : {"{ press = '1' }, { expect = 'hangup', within = '1s' }",
                                   "{ say = 'x' }, { expect = 'hangup', within = '20s' }"}) {
        rules_rig r(rules_of(goodbye));
        r.begin(mute + call("{ say = 'bye' }, { expect = 'speak' },\n"
                            "{ cut = 'close', code = 1012 }, { wait = '10s' },\n" +
                            back));
        BOOST_TEST(run_until(r.io, r.time, 5min, [&r] { return r.over; }));
        for (const auto& c : r.sim->record().checks)
            BOOST_TEST(c.held, c.text);
        BOOST_TEST((r.outcome() == call_outcome::bot_hung_up));
    }
}

BOOST_AUTO_TEST_CASE(hanging_up_now_does_not_wait)
{
    rules_rig r(rules_of("[[rule]]\non = 'user_speak'\ndo = [{ say = 'x' }, { hang_up = 'now' }]"));
    r.play(call("{ say = 'x' }, { expect = 'hangup', within = '10ms' }"));
    BOOST_TEST(r.actions() == (words{"speak: x", "hangup"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_transfer_puts_an_order_to_hang_up_aside)
{
    rules_rig r(rules_of(std::string(goodbye) +
                         "[[rule]]\non = 'dtmf_received'\ndo = [{ transfer = '493012345678', "
                         "timeout = '60s' }]"));
    r.play("[[calls]]\ntransfer = 'fails'\ntransfer_after = '30s'\n"
           "steps = [{ say = 'bye' }, { expect = 'speak' }, { press = '1' },\n"
           "{ expect = 'transfer' }, { expect_no = 'hangup', within = '60s' },\n"
           "{ hang_up = true }]");
}

BOOST_AUTO_TEST_CASE(an_sms_that_cannot_be_addressed_has_failed)
{
    rules_rig r(rules_of("[[rule]]\non = 'user_speak'\n"
                         "do = [{ send_sms = 'secret' }, { say = 'On its way.' }]\n"
                         "[[rule]]\non = 'sms_failed'\nreason = 'unknown'\n"
                         "do = [{ send_sms = 'secret' }, { say = 'Sorry.' }]"));
    r.play("[[calls]]\nfrom = 'anonymous'\nsteps = [{ say = 'x' },\n"
           "{ expect = 'speak', text = 'way' }, { expect = 'speak', text = 'Sorry' },\n"
           "{ expect_no = 'speak', within = '20s' }]");
    const auto skipped = r.logged("rules.skipped");
    BOOST_TEST_REQUIRE(skipped.size() == 2u);
    BOOST_TEST(skipped[0].find("rule=test.toml:1") != std::string::npos);
    BOOST_TEST(skipped[1].find("rule=test.toml:4") != std::string::npos);
    BOOST_TEST(skipped[0].find("secret") == std::string::npos);
    BOOST_TEST(r.bot->health().bad_answers == 2u);
}

BOOST_AUTO_TEST_CASE(a_new_file_counts_from_the_next_event_on)
{
    const scratch_directory files;
    const auto rule = [](const std::string& text) {
        return "[[rule]]\non = 'user_speak'\nat_most = 1\ndo = [{ say = '" + text + "' }]\n";
    };
    rules_rig r(rules_of(rule("old")));
    daemon_config config;
    config.rules.file = files.file("r.toml");
    r.begin(
        call("{ say = 'x' }, { say = 'x' }, { wait = '10s' }, { say = 'x' }, { wait = '10s' },\n"
             "{ say = 'x' }, { wait = '1s' }"));
    r.run(5s);
    BOOST_TEST(r.actions() == words{"speak: old"}, boost::test_tools::per_element());

    files.write("r.toml", rule("new"));
    BOOST_TEST(!r.bot->reload(config).has_value());
    BOOST_TEST(r.bot->health().text == "1 rules of " + config.rules.file);
    r.run(10s);
    BOOST_TEST(r.actions() == (words{"speak: old", "speak: new"}),
               boost::test_tools::per_element());

    files.write("r.toml", "[[rule]]\non = 'user_speek'\ndo = []\n");
    const auto wrong = r.bot->reload(config);
    BOOST_TEST_REQUIRE(wrong.has_value());
    BOOST_TEST(to_string(*wrong) == "rules.file: " + config.rules.file +
                                        ":2: rule[1].on: `user_speek` is no event that is known; "
                                        "did you mean `user_speak`?");
    r.finish();
    BOOST_TEST(r.actions().size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
