#include "protocol/tolerant_actions.hpp"

#include <boost/test/unit_test.hpp>

namespace aiflow::test {
namespace {

BOOST_AUTO_TEST_SUITE(tolerant_actions_suite)

BOOST_AUTO_TEST_CASE(null_is_absent)
{
    const auto read = decode_actions_of(
        "x", R"({"type":"speak","session_id":null,"text":"a","barge_in":{"strategy":null},)"
             R"("vad":null,"user_input_timeout_seconds":null})");
    BOOST_TEST(read.problems.empty());
    BOOST_TEST_REQUIRE(read.actions.size() == 1U);
    speak expected;
    expected.text = "a";
    expected.barge_in.emplace();
    BOOST_TEST((std::get<speak>(read.actions.front()) == expected));
    BOOST_TEST(decode_actions_of("x", R"({"type":"speak","text":null})").problems.size() == 1U);
    BOOST_TEST(decode_actions_of("x", R"({"type":null})").problems.size() == 1U);
}

BOOST_AUTO_TEST_CASE(unknown_members_are_left_out_at_every_level)
{
    const auto read = decode_actions_of(
        "x", R"([{"type":"hangup"},{"type":"speak","text":"a","vad":{"end_of_turn_silence_ms":500,)"
             R"("later":1},"also":2}])");
    BOOST_TEST(read.problems.empty());
    BOOST_TEST(read.actions.size() == 2U);
    BOOST_TEST_REQUIRE(read.ignored.has_value());
    BOOST_TEST(read.ignored->field == "[1].vad.later");
}

BOOST_AUTO_TEST_CASE(each_action_stands_for_itself)
{
    const auto read = decode_actions_of(
        "x", R"([{"type":"speak"},{"type":"hangup","session_id":"y"},{"type":"barge_in"},[]])");
    BOOST_TEST(read.actions.size() == 1U);
    BOOST_TEST_REQUIRE(read.problems.size() == 3U);
    BOOST_TEST(read.problems[1].field == "[1].session_id");
    BOOST_TEST(read.problems[2].field == "[3]");
}

BOOST_AUTO_TEST_CASE(ranges_hold_here_too)
{
    const auto read = decode_actions_of("x", R"({"type":"mix_audio","stop":true,"volume":1.5})");
    BOOST_TEST(read.actions.empty());
    BOOST_TEST(read.problems.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
