#include "aiflow/codec.hpp"
#include "protocol/surrogates.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;

namespace {

// What is heard when an event's text is written like this in JSON.
std::string heard(std::string_view escaped)
{
    event_decoder decoder;
    const auto read = decoder.decode(R"({"type":"user_speak","session":{"id":"a"},"text":")" +
                                     std::string(escaped) + "\"}");
    BOOST_TEST_REQUIRE(read.events.size() == 1U, escaped);
    return std::get<user_speak>(read.events.front().event).text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(surrogates)

BOOST_AUTO_TEST_CASE(half_a_character_spoils_no_event)
{
    BOOST_TEST(heard(R"(cut \ud83d)") == "cut \xef\xbf\xbd");
    BOOST_TEST(heard(R"(\ude00 cut)") == "\xef\xbf\xbd cut");
    BOOST_TEST(heard(R"(\ud83d\ud83d\ude00)") == "\xef\xbf\xbd\xf0\x9f\x98\x80");
    BOOST_TEST(heard(R"(\ud83d\u0041)") == "\xef\xbf\xbd"
                                           "A");
    BOOST_TEST(heard(R"(\ud83dx\\ud83d)") == "\xef\xbf\xbdx\\ud83d");
    BOOST_TEST(heard(R"(whole \ud83d\ude00)") == "whole \xf0\x9f\x98\x80");
}

BOOST_AUTO_TEST_CASE(half_a_character_spoils_no_action)
{
    const auto read = decode_actions(R"({"type":"speak","session_id":"a","text":"x\uD83D"})");
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(std::get<speak>(read->front().action).text == "x\xef\xbf\xbd");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_changed)
{
    for (const char* text : {"", "\\", "\\u", "\\ud83", "\\u00e4\\n\\\\", "\\ud83d\\ude00", "{}"})
        BOOST_TEST(!without_lone_surrogates(text).has_value(), text);
    BOOST_TEST(without_lone_surrogates("\\ud83d").value() == "\\ufffd");
    event_decoder decoder;
    BOOST_TEST(decoder.decode("{\"type\":\"\\ud83d").dropped == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
