#include "daemon/webhook_answer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using meaning = webhook_answer::meaning;

namespace {

webhook_answer read(unsigned status, std::string body)
{
    received_answer a;
    a.status = status;
    a.body = std::move(body);
    return interpret(a, "s1");
}

std::string types(const webhook_answer& a)
{
    std::string text;
    for (const action& each : a.actions)
        text += (text.empty() ? "" : " ") + std::string(type_name(each));
    return text;
}

std::string problems(const webhook_answer& a)
{
    std::string text;
    for (const problem& p : a.problems)
        text += (text.empty() ? "" : "; ") + p.field;
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_answer_suite)

BOOST_AUTO_TEST_CASE(what_an_answer_means)
{
    struct {
        unsigned status;
        const char* body;
        meaning what;
        const char* actions;
        const char* problems;  // their fields
    } const rows[] = {
        {204, "", meaning::nothing, "", ""},
        {200, "", meaning::nothing, "", ""},
        {200, " \r\n\t", meaning::nothing, "", ""},
        {200, "[]", meaning::nothing, "", ""},
        {202, "", meaning::nothing, "", ""},
        {200, R"({"type":"hangup","session_id":"s1"})", meaning::actions, "hangup", ""},
        {201, R"({"type":"hangup","session_id":"s1"})", meaning::actions, "hangup", ""},
        {200, R"([{"type":"barge_in","session_id":"s1"},{"type":"speak","text":"x"}])",
         meaning::actions, "barge_in speak", ""},
        {200, R"({"type":"hangup"})", meaning::actions, "hangup", ""},
        {200, R"({"type":"hangup","session_id":null})", meaning::actions, "hangup", ""},
        {200, R"({"type":"speak","text":"x","ssml":null,"tts":null})", meaning::actions, "speak",
         ""},
        {200, R"({"type":"speak","text":"x","tts":{"provider":"azure","language":null}})",
         meaning::actions, "speak", ""},
        {200, R"({"type":"hangup","session_id":"s2"})", meaning::actions, "", "session_id"},
        {200, R"([{"type":"speak"},{"type":"hangup"}])", meaning::actions, "hangup", "[0].text"},
        {200, R"([{"type":"hangup"},7,{"type":"barge_in"},{"type":"speak","text":7}])",
         meaning::actions, "hangup barge_in", "[1]; [3].text"},
        {200, R"({"type":"send_sms","phone_number":"0151","message":"x"})", meaning::actions, "",
         "phone_number"},
        {200, R"({"type":"dance"})", meaning::actions, "", "type"},
        {200, R"({"success":true})", meaning::no_action, "", "type"},
        {200, R"([{"success":true}])", meaning::no_action, "", "[0].type"},
        {200, "OK", meaning::no_action, "", ""},
        {200, "<html>hello</html>", meaning::no_action, "", ""},
        {200, "true", meaning::no_action, "", ""},
        {302, R"({"type":"hangup"})", meaning::failure, "", ""},
        {400, R"({"type":"hangup"})", meaning::failure, "", ""},
        {401, "", meaning::failure, "", ""},
        {500, R"({"type":"hangup"})", meaning::failure, "", ""},
        {503, "", meaning::failure, "", ""},
    };
    for (const auto& r : rows) {
        const auto a = read(r.status, r.body);
        BOOST_TEST((a.what == r.what), r.status << " " << r.body);
        BOOST_TEST(types(a) == r.actions, r.status << " " << r.body);
        // A text that is not JSON has no place; that there is a problem is asked for all the same.
        BOOST_TEST(problems(a) == r.problems, r.status << " " << r.body);
        BOOST_TEST(a.problems.empty() == (r.what != meaning::no_action && *r.problems == '\0'),
                   r.body);
    }
}

BOOST_AUTO_TEST_CASE(a_member_that_is_not_known_is_left_out_and_told)
{
    const auto a = read(
        200, R"([{"type":"transfer","target_phone_number":"4921155501234","caller_id_name":"a",)"
             R"("caller_id_number":"4921155501234","timeout_seconds":30},{"type":"hangup"}])");
    BOOST_TEST(types(a) == "transfer hangup");
    BOOST_TEST_REQUIRE(a.ignored.has_value());
    BOOST_TEST(a.ignored->field == "[0].timeout_seconds");
    BOOST_TEST(!read(200, R"({"type":"hangup"})").ignored);
}

BOOST_AUTO_TEST_CASE(no_problem_repeats_what_the_app_has_said)
{
    for (const auto* body :
         {R"({"type":"hunter2"})",
          R"({"type":"send_sms","phone_number":"+49 151 1234","message":"hunter2"})",
          R"({"type":"speak","text":["hunter2"]})", R"({"type":"hangup","session_id":"hunter2"})",
          "hunter2", R"({"type":"hangup","hunter2 and more":1})"}) {
        const auto a = read(200, body);
        for (const auto& p : a.problems)
            BOOST_TEST(to_string(p).find("hunter2") == std::string::npos, to_string(p));
        if (a.ignored)
            BOOST_TEST(to_string(*a.ignored).find("hunter2") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
