#include "simulator/scenario_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow::simulator;
using namespace std::chrono_literals;

namespace {

scenario read_good(std::string_view text)
{
    auto s = read_scenario(text, "good.toml");
    if (s.has_error())
        BOOST_FAIL(to_string(s.error().front()));
    return std::move(*s);
}

template <class Step>
const Step& step_at(const scenario& s, std::size_t index)
{
    return std::get<Step>(s.calls.front().steps.at(index).what);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_reader_suite)

BOOST_AUTO_TEST_CASE(everything_that_a_file_can_say)
{
    const scenario s = read_good(R"(
name = "All of it"
description = "Every key once."
linger = "2s"
connections = { wait_for = 3, calls_on = "spread" }

[speech]
characters_per_second = 20
assistant_speak = false
assistant_speech_ended = true

[sms]
answers = [
    { answer = "smsc_unavailable", after = "400ms", sends = 2, copies = 3, message = "busy" },
    { reason = "quota_exceeded", recipient = "" },
    { raw = "{}" },
]
otherwise = { answer = "unknown" }

[[calls]]
label = "caller"
count = 4
start = "1s"
every = "200ms"
from = "+4915112345678"
to = "4921155501234"
direction = "inbound"
account = "a-1"
return_within = "1m"
transfer = "fails"
transfer_after = "3s"
sms = { answers = [{ answer = "accepted" }] }
steps = [
    { say = "Hello", barged_in = true },
    { press = "12#" },
    { speech_started = true },
    { timeout = true },
    { raw = "x" },
    { wait = "1.5s" },
    { expect = "send_sms", text = "code", to = "caller", within = "7s" },
    { expect_no = "speak", within = "2s" },
    { cut = "close", code = 4401, reason = "go" },
    { cut = "silence", for = "3s" },
    { resume = true },
    { hang_up = true, reason = "tired" },
]

[expect]
calls_finished = 3
invalid_actions = 1
late_actions = 2
sms_frames = 5
connections = 6
sms = [{ call = 2, to = "caller", frames = 1 }, { min = 1, max = 4 }]
)");
    BOOST_TEST(s.name == "All of it");
    BOOST_TEST((s.linger == 2s));
    BOOST_TEST(s.wait_for_connections == 3u);
    BOOST_TEST((s.calls_on == placement::spread));
    BOOST_TEST(s.speech.characters_per_second == 20.0);
    BOOST_TEST(!s.speech.assistant_speak);
    BOOST_TEST_REQUIRE(s.sms.answers.size() == 3u);
    BOOST_TEST(s.sms.answers[0].fails);
    BOOST_TEST(s.sms.answers[0].reason == "smsc_unavailable");
    BOOST_TEST((s.sms.answers[0].after == 400ms));
    BOOST_TEST(s.sms.answers[0].sends == 2u);
    BOOST_TEST(s.sms.answers[0].copies == 3u);
    BOOST_TEST(s.sms.answers[0].message == "busy");
    BOOST_TEST(s.sms.answers[1].recipient.value() == "");
    BOOST_TEST(s.sms.answers[2].raw == "{}");
    BOOST_TEST(!s.sms.answers[2].fails);
    BOOST_TEST(s.sms.otherwise.reason == "unknown");
    BOOST_TEST(s.call_count() == 4u);
    const call_plan& call = s.calls.front();
    BOOST_TEST((call.every == 200ms));
    BOOST_TEST(call.from == "+4915112345678");
    BOOST_TEST((call.return_within == 60s));
    BOOST_TEST(call.transfer_fails);
    BOOST_TEST(!call.sms->answers.front().fails);
    BOOST_TEST_REQUIRE(call.steps.size() == 12u);
    BOOST_TEST(call.steps[0].line == 34u);
    BOOST_TEST(step_at<say_step>(s, 0).barged_in);
    BOOST_TEST((step_at<wait_step>(s, 5).time == 1500ms));
    BOOST_TEST(step_at<expect_step>(s, 6).text == "code");
    BOOST_TEST((step_at<expect_step>(s, 6).within == 7s));
    BOOST_TEST(step_at<expect_step>(s, 7).none);
    BOOST_TEST(step_at<cut_step>(s, 8).code == 4401);
    BOOST_TEST((step_at<cut_step>(s, 9).kind == cut_kind::silence));
    BOOST_TEST((step_at<cut_step>(s, 9).time == 3s));
    BOOST_TEST(step_at<hang_up_step>(s, 11).reason == "tired");
    BOOST_TEST(s.expect.calls_finished.value() == 3u);
    BOOST_TEST(s.expect.connections.value() == 6u);
    BOOST_TEST_REQUIRE(s.expect.sms.size() == 2u);
    BOOST_TEST(s.expect.sms[0].call.value() == 2u);
    BOOST_TEST(s.expect.sms[0].least == 1u);
    BOOST_TEST(s.expect.sms[0].most == 1u);
    BOOST_TEST(s.expect.sms[1].most == 4u);
}

BOOST_AUTO_TEST_CASE(one_call_without_steps_is_enough)
{
    const scenario s = read_good("[[calls]]");
    BOOST_TEST(s.call_count() == 1u);
    BOOST_TEST(s.wait_for_connections == 1u);
    BOOST_TEST(!s.sms.otherwise.fails);
    BOOST_TEST(s.expect.invalid_actions == 0u);
}

BOOST_AUTO_TEST_CASE(an_empty_reason_is_a_failure_without_a_reason)
{
    const scenario s = read_good("sms = { otherwise = { reason = \"\" } }\n[[calls]]");
    BOOST_TEST(s.sms.otherwise.fails);
}

BOOST_AUTO_TEST_SUITE_END()
