#include "simulator/scenario_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow::simulator;

namespace {

std::string problems_of(std::string_view text)
{
    const auto s = read_scenario(text, "f.toml");
    if (s.has_value())
        return "no problem";
    std::string all;
    for (const aiflow::file_problem& p : s.error())
        all += (all.empty() ? "" : "\n") + to_string(p);
    return all;
}

// One step in a call; it stands in line 2.
std::string problem_of_step(std::string_view step)
{
    return problems_of("[[calls]]\nsteps = [" + std::string(step) + "]");
}

struct bad_text {
    std::string_view text;
    std::string_view problem;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_errors_suite)

BOOST_AUTO_TEST_CASE(what_is_wrong_in_a_file)
{
    const bad_text table[] = {
        {"name = \"x\"", "f.toml:1: calls: there is no call; add [[calls]] with steps, such as "
                         "{ say = \"Hello\" }"},
        {"[[calls]]\nlable = \"x\"",
         "f.toml:2: calls[1].lable: there is no such key here; did you mean `label`?"},
        {"colour = 1\n[[calls]]",
         "f.toml:1: colour: there is no such key here; known are `name`, `description`, "
         "`connections`, `speech`, `sms`, `calls`, `expect` or `linger`"},
        {"[[calls]]\nfrom = 49151",
         "f.toml:2: calls[1].from: is a whole number, but has to be a text"},
        {"[[calls]]\ncount = 0", "f.toml:2: calls[1].count: is 0, but has to be from 1 to 100000"},
        {"[[calls]]\ncount = 1.5",
         "f.toml:2: calls[1].count: is a number, but has to be a whole number"},
        {"[[calls]]\nstart = \"5\"",
         "f.toml:2: calls[1].start: \"5\" is no duration; write a number and a unit, such as "
         "\"200ms\", \"1.5s\" or \"2m\", up to \"24h\""},
        {"[[calls]]\nstart = 5", "f.toml:2: calls[1].start: is a whole number, but has to be a "
                                 "duration as text, such as \"200ms\", \"1.5s\" or \"2m\""},
        {"[[calls]]\ndirection = \"inbond\"",
         "f.toml:2: calls[1].direction: \"inbond\" is not known; did you mean `inbound`?"},
        {"[[calls]]\ntransfer = \"maybe\"", "f.toml:2: calls[1].transfer: \"maybe\" is not known; "
                                            "it has to be `succeeds` or `fails`"},
        {"[[calls]]\ncount = 2\nfrom = \"anonymous\"",
         "f.toml:3: calls[1].from: has to be a phone number of 7 to 15 digits, such as "
         "\"4915112345678\", since `count` gives each copy the next one"},
        {"[[calls]]\nsteps = 5",
         "f.toml:2: calls[1].steps: is a whole number, but has to be an array of tables"},
        {"[[calls]]\nsteps = [\"Hello\"]",
         "f.toml:2: calls[1].steps[1]: is a text, but has to be a table such as "
         "{ say = \"Hello\" }"},
        {"calls = 5", "f.toml:1: calls: is a whole number, but has to be an array of tables\n"
                      "f.toml:1: calls: there is no call; add [[calls]] with steps, such as "
                      "{ say = \"Hello\" }"},
        {"speech = { characters_per_second = 0 }\n[[calls]]",
         "f.toml:1: speech.characters_per_second: is 0, but has to be from 0.1 to 1000000"},
        {"speech = { assistant_speak = 1 }\n[[calls]]",
         "f.toml:1: speech.assistant_speak: is a whole number, but has to be true or false"},
        {"sms = { answers = [{ after = \"1s\" }] }\n[[calls]]",
         "f.toml:1: sms.answers[1]: has to give exactly one of `answer`, `reason` and `raw`, but "
         "gives 0"},
        {"sms = { otherwise = { answer = \"smsc_unavailible\" } }\n[[calls]]",
         "f.toml:1: sms.otherwise.answer: \"smsc_unavailible\" is not known; did you mean "
         "`smsc_unavailable`?"},
        {"sms = { otherwise = { raw = \"\" } }\n[[calls]]",
         "f.toml:1: sms.otherwise.raw: is empty; give the message, or `answer = \"accepted\"` for "
         "none"},
        {"expect = { sms = [{ to = \"caller\" }] }\n[[calls]]",
         "f.toml:1: expect.sms[1]: has to give `frames`, or `min` and `max` or one of them"},
        {"expect = { sms = [{ min = 3, max = 2 }] }\n[[calls]]",
         "f.toml:1: expect.sms[1].min: is greater than `max`"},
        {"expect = { sms = [{ call = 2, frames = 1 }] }\n[[calls]]",
         "f.toml:1: expect.sms[1].call: is 2, but has to be from 1 to 1"},
        {"expect = 5\n[[calls]]", "f.toml:1: expect: is a whole number, but has to be a table"},
    };
    for (const bad_text& t : table)
        BOOST_TEST(problems_of(t.text) == t.problem);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_step)
{
    const bad_text table[] = {
        {"{ sya = \"Hello\" }", "`sya` is no step; did you mean `say`?"},
        {"{ }", "names no step; a step is one of `say`, `press`, `speech_started`, `timeout`, "
                "`raw`, `wait`, `expect`, `expect_no`, `hang_up`, `cut` or `resume`"},
        {"{ say = \"a\", press = \"1\" }",
         "names two steps, `say` and `press`; give each one a table of its own"},
    };
    for (const bad_text& t : table)
        BOOST_TEST(problem_of_step(t.text) ==
                   "f.toml:2: calls[1].steps[1]: " + std::string(t.problem));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_within_a_step)
{
    const bad_text table[] = {
        {"{ say = \"a\", barge_in = true }",
         "barge_in: there is no such key here; did you mean `barged_in`?"},
        {"{ press = \"\" }", "press: is empty; give the keys, such as \"1\" or \"42#\""},
        {"{ press = \"1x\" }", "press: holds something that is no key; keys are 0 to 9, * and # "
                               "(and A to D)"},
        {"{ timeout = false }", "timeout: is false; leave the step out instead"},
        {"{ expect = \"send_smss\" }",
         "expect: \"send_smss\" is not known; did you mean `send_sms`?"},
        {"{ expect = \"hangup\", to = \"caller\" }",
         "to: belongs to `send_sms` and `transfer`; a `hangup` goes to nobody but the caller"},
        {"{ expect = \"hangup\", text = \"x\" }",
         "text: belongs to `speak` and `send_sms`; a `hangup` has no text"},
        {"{ cut = \"close\", code = 1006 }",
         "code: is 1006, which no close frame may carry; use 1000 to 1003, 1007 to 1014 or 3000 "
         "to 4999"},
        {"{ cut = \"reset\", code = 1000 }", "code: belongs to `cut = \"close\"` only"},
        {"{ cut = \"close\", for = \"1s\" }", "for: belongs to `cut = \"silence\"` only"},
        {"{ cut = \"of\" }", "cut: \"of\" is not known; it has to be `close`, `reset`, `silence` "
                             "or `half_close`"},
    };
    for (const bad_text& t : table)
        BOOST_TEST(problem_of_step(t.text) ==
                   "f.toml:2: calls[1].steps[1]." + std::string(t.problem));
}

BOOST_AUTO_TEST_CASE(a_close_reason_has_to_fit_into_its_frame)
{
    const std::string step = "{ cut = \"close\", reason = \"" + std::string(124, 'x') + "\" }";
    BOOST_TEST(problem_of_step(step) == "f.toml:2: calls[1].steps[1].reason: is longer than the "
                                        "123 bytes that fit into a close frame");
}

BOOST_AUTO_TEST_CASE(every_problem_is_reported_in_the_order_of_the_lines)
{
    BOOST_TEST(problems_of("[[calls]]\nfrom = 1\nto = 2\n[expect]\nfoo = 3") ==
               "f.toml:2: calls[1].from: is a whole number, but has to be a text\n"
               "f.toml:3: calls[1].to: is a whole number, but has to be a text\n"
               "f.toml:5: expect.foo: there is no such key here; known are `calls_finished`, "
               "`invalid_actions`, `late_actions`, `sms_frames`, `connections` or `sms`");
}

BOOST_AUTO_TEST_CASE(what_is_not_toml_is_said_with_its_line)
{
    const std::string text = problems_of("[[calls]]\nfrom = ");
    BOOST_TEST(text.starts_with("f.toml:2: is not valid TOML: "));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there)
{
    const auto s = read_scenario_file("/nonexistent/x.toml");
    BOOST_TEST_REQUIRE(s.has_error());
    BOOST_TEST(
        to_string(s.error().front()) ==
        "/nonexistent/x.toml: cannot be read: No such file or directory; check the path, and "
        "that this user may read the file");
}

BOOST_AUTO_TEST_SUITE_END()
