// Everything that can be wrong with a file of rules, and what its author is told.
#include "rules_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

using lines = std::vector<std::string>;

lines problems_of(std::string_view toml, const std::string& file = "r.toml")
{
    lines found;
    const auto rules = read_rules(toml, file);
    if (rules.has_error()) {
        for (const file_problem& p : rules.error())
            found.push_back(to_string(p));
    }
    return found;
}

void refuse(std::string_view toml, const lines& wanted)
{
    BOOST_TEST_CONTEXT(toml)
    BOOST_TEST(problems_of(toml) == wanted, boost::test_tools::per_element());
}

// A rule with these keys beside a `do`, in the second line.
void refuse_key(const std::string& keys, const std::string& problem)
{
    refuse("[[rule]]\n" + keys + "\ndo = []", {"r.toml:2: rule[1]." + problem});
}

// An action in a rule of its own, in the third line.
void refuse_action(const std::string& action, const std::string& problem)
{
    refuse("[[rule]]\non = 'user_speak'\ndo = [" + action + "]",
           {"r.toml:3: rule[1].do[1]" + problem});
}

// One second of silence in a WAV file.
std::string silence(std::uint32_t rate)
{
    std::string out = "RIFF";
    const auto put = [&](std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            out += static_cast<char>(value >> (8 * i) & 0xFF);
    };
    put(36 + rate * 2, 4);
    out += "WAVEfmt ";
    put(16, 4);
    put(1, 2);
    put(1, 2);
    put(rate, 4);
    put(rate * 2, 4);
    put(2, 2);
    put(16, 2);
    out += "data";
    put(rate * 2, 4);
    return out + std::string(std::size_t{rate} * 2, '\0');
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_errors)

BOOST_AUTO_TEST_CASE(a_file_without_rules)
{
    refuse("", {"r.toml: holds no rules; begin each of them with [[rule]]"});
    refuse("[[rules]]\non = 'user_speak'",
           {"r.toml:1: rules: there is no such key here; did you mean `rule`?"});
    BOOST_TEST(problems_of("[[rule]").at(0).starts_with("r.toml:1: is not valid TOML: "));
    const auto missing = load_rules("/nonexistent/r.toml");
    BOOST_TEST_REQUIRE(missing.has_error());
    BOOST_TEST(
        to_string(missing.error().at(0)) ==
        "/nonexistent/r.toml: cannot be read: No such file or directory; check the path, and "
        "that this user may read the file");
}

BOOST_AUTO_TEST_CASE(what_a_rule_needs)
{
    refuse("[[rule]]",
           {"r.toml:1: rule[1]: has no `on`; name the event, or events, that it answers",
            "r.toml:1: rule[1]: has no `do`; give its actions, or `do = []` for none"});
}

BOOST_AUTO_TEST_CASE(events)
{
    refuse_key("on = 'user_speek'", "on: `user_speek` is no event that is known; did you mean "
                                    "`user_speak`?");
    refuse_key("on = ['user_speak', 'frobnicated']",
               "on: `frobnicated` is no event that is known; known are `session_start`, "
               "`user_speak`, `user_barge_in`, `dtmf_received`, `assistant_speak`, "
               "`assistant_speech_ended`, `user_input_timeout` or `sms_failed`; a newer one is "
               "written \"other:NAME\"");
    refuse_key("on = 'session_end'",
               "on: `session_end` cannot be answered, since the call is over; act before, for "
               "instance when the caller says goodbye");
    refuse_key("on = 'user_speech_started'",
               "on: `user_speech_started` cannot be answered; use `user_speak`, which comes when "
               "the caller has finished");
    refuse_key("on = []", "on: is an empty array; name at least one, or leave the key out");
    refuse_key("on = 7", "on: is a whole number, but has to be a text");
    refuse_key("on = ['user_speak', 7]",
               "on: holds something that is no text; put each into quotes");
}

BOOST_AUTO_TEST_CASE(criteria)
{
    refuse("[[rule]]\non = 'user_speak'\nwhen = 1\ndo = []",
           {"r.toml:3: rule[1].when: there is no such key here; known are `on`, `text`, `digit`, "
            "`reason`, `direction`, `called`, `withheld`, `resumed`, `barged_in`, `at_most` or "
            "`do`"});
    const auto with = [](const std::string& event, const std::string& key,
                         const std::string& problem) {
        refuse("[[rule]]\non = '" + event + "'\n" + key + "\ndo = []",
               {"r.toml:3: rule[1]." + problem});
    };
    with("dtmf_received", "text = 'x'",
         "text: belongs to `user_speak`, `user_barge_in` or `assistant_speak`; `dtmf_received` has "
         "none, so write a rule of its own for it");
    with("user_speak", "digit = '1'",
         "digit: belongs to `dtmf_received`; `user_speak` has none, so write a rule of its own for "
         "it");
    with("user_speak", "reason = 'unknown'",
         "reason: belongs to `sms_failed`; `user_speak` has none, so write a rule of its own for "
         "it");
    with("user_speak", "resumed = true",
         "resumed: belongs to `session_start`; `user_speak` has none, so write a rule of its own "
         "for it");
    with("session_start", "barged_in = true",
         "barged_in: belongs to `user_speak`; `session_start` has none, so write a rule of its own "
         "for it");
    with("user_speak", "text = 'a(?!b)'",
         "text: is no pattern of RE2: invalid perl operator: (?!; it knows neither references to "
         "groups nor looking ahead or behind, so that nothing a caller says takes long");
    with("user_speak", "text = 7", "text: is a whole number, but has to be a text");
    with("dtmf_received", "digit = '12'",
         "digit: `12` is not one key; keys are 0 to 9, * and # (and A to D), and each press is an "
         "event");
    with("dtmf_received", "digit = 1", "digit: is a whole number, but has to be a text");
    with("sms_failed", "reason = 'smsc_unavailble'",
         "reason: `smsc_unavailble` is no reason that is known; did you mean `smsc_unavailable`?");
    with("user_speak", "direction = 'incoming'",
         "direction: \"incoming\" is not known; it has to be `inbound` or `outbound`");
    with("user_speak", "called = '030 123456'",
         "called: has spaces, dashes or brackets; give digits only, country code first");
    with("user_speak", "withheld = 'yes'", "withheld: is a text, but has to be true or false");
    with("user_speak", "barged_in = 1",
         "barged_in: is a whole number, but has to be true or false");
    with("user_speak", "at_most = 0", "at_most: is 0, but has to be from 1 to 1000");
    refuse("[[rule]]\non = 'user_speak'\ndo = 'hello'",
           {"r.toml:3: rule[1].do: is a text, but has to be an array of tables"});
}

BOOST_AUTO_TEST_CASE(actions)
{
    refuse_action("{ speak = 'x' }", ": `speak` is AI Flow's name for it; write `say`");
    refuse_action("{ text = 'x', to = 'y' }",
                  ": names no action; an action is one of `say`, `say_ssml`, `send_sms`, `play`, "
                  "`play_background`, `stop_background`, `stop_speech`, `transfer`, `hang_up`, "
                  "`configure_transcription` or `configure_voice_to_voice`");
    refuse_action("{ say = 'x', send_sms = 'y' }",
                  ": names two actions, `say` and `send_sms`; give each one a table of its own");
    refuse_action("7", ": is a whole number, but has to be a table such as { say = \"Hello\" }");
    refuse_action("{ say = 'x', bargein = 'none' }",
                  ".bargein: there is no such key here; did you mean `barge_in`?");
    refuse_action("{ say = '' }", ".say: give exactly one of text and ssml; neither is given");
    refuse_action("{ say = 'x {' }", ".say: has a `{` without its `}`; write `{{` for a brace");
    refuse_action("{ say = '{match.1}' }", ".say: `{match.1}` needs a `text` in this rule");
    refuse_action("{ say = '{cller}' }",
                  ".say: `{cller}` is no placeholder; did you mean `{caller}`?");
    refuse_action("{ say = 'x', user_input_timeout = '1500ms' }",
                  ".user_input_timeout: is 1.5s, but AI Flow takes whole seconds only");
    refuse_action("{ say = 'x', user_input_timeout = 8 }",
                  ".user_input_timeout: is a whole number, but has to be a duration as text, such "
                  "as \"200ms\", \"1.5s\" or \"2m\"");
    refuse_action("{ say = 'x', end_of_turn_silence = '3s' }",
                  ".end_of_turn_silence: is 3s, but has to be from 150ms to 2s");
    refuse_action("{ say = 'x', barge_in = 'never' }",
                  ".barge_in: \"never\" is not known; it has to be `none`, `manual`, "
                  "`minimum_characters` or `immediate`");
    refuse_action("{ say = 'x', barge_in = { strategy = 'none', allow_after = '1s' } }",
                  ".barge_in: is only for the strategies minimum_characters and immediate; leave "
                  "it out");
    refuse_action("{ say = 'x', language = 'de_DE' }",
                  ".language: is no BCP 47 language; give one such as de-DE");
    refuse_action("{ say = 'x', provider = 'eleven_labs', language = 'de-DE' }",
                  ".language: belongs to voices of `azure`; leave it out");
    refuse_action("{ send_sms = '' }", ".send_sms: is empty; an SMS needs at least 1 character");
    refuse_action("{ send_sms = 'x', to = '030 123456' }",
                  ".to: has spaces, dashes or brackets; give digits only, country code first");
    refuse_action("{ transfer = '0301234567' }",
                  ".transfer: begins with 0, as national numbers do; put the country code in its "
                  "place");
    refuse_action("{ transfer = '49301234567', caller_id_number = 'me' }",
                  ".caller_id_number: has characters that are not digits; give 7 to 15 digits, "
                  "country code first");
    refuse_action("{ transfer = '49301234567', timeout = '3s' }",
                  ".timeout: is 3s, but has to be from 5s to 2m");
    refuse_action("{ hang_up = true }",
                  ".hang_up: is true or false, but has to be `now` or `after_speech`");
    refuse_action("{ hang_up = 'later' }",
                  ".hang_up: \"later\" is not known; it has to be `now` or `after_speech`");
    refuse_action("{ stop_speech = false }",
                  ".stop_speech: is false; leave the action out instead");
    refuse_action("{ configure_transcription = { provider = 'azure' } }",
                  ".configure_transcription: has no `languages`, and AI Flow would go back to "
                  "guessing them; name them, such as `languages = [\"de-DE\"]`");
    refuse_action("{ configure_transcription = { languages = ['de_DE'] } }",
                  ".configure_transcription: is no BCP 47 language; give one such as de-DE");
    refuse_action("{ configure_voice_to_voice = { system_prompt = 'x', temperature = 3 } }",
                  ".configure_voice_to_voice.temperature: is 3, but has to be from 0 to 2");
    refuse_action("{ configure_voice_to_voice = { greeting = 'x' } }",
                  ".configure_voice_to_voice: is empty; it has to be given");
}

BOOST_AUTO_TEST_CASE(nothing_comes_behind_the_end)
{
    for (const std::string end :
         {"hang_up = 'now'", "hang_up = 'after_speech'", "transfer = '49301234567'"})
        refuse_action("{ " + end + " }, { say = 'x' }",
                      ": has to be the last action: it ends what can be done in the call; put the "
                      "others before it");
}

BOOST_AUTO_TEST_CASE(a_rule_that_no_event_reaches)
{
    refuse("[[rule]]\non = 'user_speak'\ndo = []\n"
           "[[rule]]\non = 'session_start'\nat_most = 1\ndo = []\n"
           "[[rule]]\non = 'session_start'\ndo = []\n"
           "[[rule]]\non = ['user_speak', 'session_start']\ndirection = 'inbound'\ndo = []\n",
           {"r.toml:11: rule[4]: is never carried out: the rule of line 8 takes every "
            "`session_start` before it; put this one first"});
    refuse("[[rule]]\non = 'user_speak'\ndo = []\n"
           "[[rule]]\non = ['user_speak', 'session_start']\ndo = []\n"
           "[[rule]]\non = 'user_speak'\ntext = 'code'\ndo = []\n",
           {"r.toml:7: rule[3]: is never carried out: the rule of line 1 takes every `user_speak` "
            "before it; put this one first"});
}

BOOST_AUTO_TEST_CASE(audio_is_read_and_checked)
{
    const scratch_directory files;
    files.write("no.wav", "not audio");
    files.write("good.wav", silence(16'000));
    files.write("slow.wav", silence(8'000));
    const auto play = [&](const std::string& name) {
        return read_rules("[[rule]]\non = 'user_speak'\ndo = [\n{ play = '" + name + "' }]",
                          files.file("r.toml"));
    };
    const auto good = play("good.wav");
    BOOST_TEST_REQUIRE(!good.has_error());
    BOOST_TEST(good->advice.empty());
    const auto& action = std::get<fixed_action>(good->rules.at(0).actions.at(0));
    BOOST_TEST(action.plays_for.count() == 6000);
    BOOST_TEST(std::get<audio>(action.frame).audio_base64.size() > 40'000u);

    const auto slow = play("slow.wav");
    BOOST_TEST_REQUIRE(!slow.has_error());
    BOOST_TEST_REQUIRE(slow->advice.size() == 1u);
    BOOST_TEST(
        to_string(slow->advice[0]).starts_with(files.file("r.toml") + ":4: rule[1].do[1].play: "));

    const auto complaint = [&](const std::string& name) {
        const auto read = play(name);
        return read.has_error() ? read.error().at(0).key + ": " + read.error().at(0).text : "";
    };
    BOOST_TEST(complaint("no.wav").starts_with("rule[1].do[1].play: "));
    BOOST_TEST(complaint("absent.wav") ==
               "rule[1].do[1].play: names no file that is there: " + files.file("absent.wav"));
    BOOST_TEST(complaint("/dev/zero") ==
               "rule[1].do[1].play: names no file that is there: /dev/zero");
}

BOOST_AUTO_TEST_CASE(all_problems_come_at_once_in_the_order_of_the_lines)
{
    refuse("[[rule]]\non = 'user_speak'\ntext = '('\ndo = [{ say = '{digit}' }]\n"
           "[[rule]]\non = 'sms_failed'\nreasn = 'unknown'\ndo = [{ hang_up = 'nwo' }]",
           {"r.toml:3: rule[1].text: is no pattern of RE2: missing ): (",
            "r.toml:4: rule[1].do[1].say: `{digit}` belongs to `dtmf_received`; `user_speak` has "
            "none",
            "r.toml:7: rule[2].reasn: there is no such key here; did you mean `reason`?",
            "r.toml:8: rule[2].do[1].hang_up: \"nwo\" is not known; did you mean `now`?"});
}

BOOST_AUTO_TEST_CASE(no_problem_repeats_a_number_or_a_text)
{
    for (const auto& problem :
         problems_of("[[rule]]\non = 'user_speak'\ncalled = '0151 12345'\ndo = [\n"
                     "{ send_sms = 'geheim {', to = '0151 12345' },\n"
                     "{ say = 'geheim { geheim }', barge_in = 'none' }]")) {
        BOOST_TEST(problem.find("geheim") == std::string::npos);
        BOOST_TEST(problem.find("12345") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
