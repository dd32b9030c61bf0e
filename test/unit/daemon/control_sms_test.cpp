// Requests about SMS.
#include "aiflow/codec.hpp"
#include "control_rig.hpp"
#include "scripted_handler.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

constexpr auto call_id = "7f3a9c21-5d1e";

struct sms_fixture {
    sms_fixture() { rig.event(start(call_id)); }

    // The members of a send_sms that went to the service with the answer to the next event.
    std::vector<addressed_action> sent()
    {
        const auto body = rig.event(speak_event(call_id, "and"));
        return body.empty() ? std::vector<addressed_action>() : decode_actions(body).value();
    }

    asio::io_context io;
    manual_clock time;
    control_rig rig{io, time};
};

std::string wish(std::string_view text, std::string_view more = {})
{
    return R"({"session":"7f3a","to":"+4915199999123","text":")" + std::string(text) + '"' +
           std::string(more) + "}";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(control_sms_suite, sms_fixture)

BOOST_AUTO_TEST_CASE(messages_are_listed_with_their_state)
{
    rig.daemon.records = {waiting_record(9), waiting_record(8)};
    rig.daemon.records[1].state = sms_state::failed;
    const auto all = rig.json(200, "GET", "/v1/sms").at("sms").as_array();
    BOOST_TEST(all.size() == 2U);
    BOOST_TEST(all[0].at("recipient").as_string() == "***678");
    BOOST_TEST(!all[0].as_object().contains("text"));
    BOOST_TEST(*rig.daemon.limit_asked == 50U);
    const auto failed =
        rig.json(200, "GET", "/v1/sms?state=failed&limit=1000").at("sms").as_array();
    BOOST_TEST(failed.size() == 1U);
    BOOST_TEST(failed[0].at("id").as_string() == "0000000000008");
    BOOST_TEST(*rig.daemon.limit_asked == 1000U);
    const auto open =
        rig.json(200, "GET", "/v1/sms?unmasked=true&content=true&limit=1").at("sms").as_array();
    BOOST_TEST(open.size() == 1U);
    BOOST_TEST(open[0].at("recipient").as_string() == "4915112345678");
    BOOST_TEST(open[0].at("text").as_string() == "Your code is 4242.");
}

BOOST_AUTO_TEST_CASE(a_list_is_asked_for_in_known_words)
{
    for (const auto* query :
         {"limit=0", "limit=1001", "limit=-1", "limit=ten", "limit=", "limit=5x",
          "limit=99999999999999999999", "state=delivered", "state=Failed"})
        BOOST_TEST(rig.error(422, "GET", std::string("/v1/sms?") + query) == "invalid_value");
    BOOST_TEST(!rig.daemon.limit_asked.has_value());
}

BOOST_AUTO_TEST_CASE(one_message_is_shown_with_its_history)
{
    rig.daemon.records = {waiting_record(9)};
    const auto o = rig.json(200, "GET", "/v1/sms/0000000000009");
    BOOST_TEST(o.at("state").as_string() == "waiting_retry");
    BOOST_TEST(o.at("history").as_array().size() == 1U);
    for (const auto* id : {"0000000000008", "9", "zzzzzzzzzzzzz", "000000000000%39x"})
        BOOST_TEST(rig.error(404, "GET", std::string("/v1/sms/") + id) == "unknown_sms");
}

BOOST_AUTO_TEST_CASE(trouble_of_the_storage_is_told)
{
    rig.daemon.broken_storage = problem{make_error_code(errc::storage_failed), "outbox", "no disk"};
    BOOST_TEST(rig.error(503, "GET", "/v1/sms") == "storage_failed");
    BOOST_TEST(rig.error(503, "GET", "/v1/sms/0000000000009") == "storage_failed");
    BOOST_TEST(rig.error(503, "DELETE", "/v1/sms/0000000000009") == "storage_failed");
}

BOOST_AUTO_TEST_CASE(a_message_is_taken_back_while_that_is_possible)
{
    rig.daemon.records = {waiting_record(9), waiting_record(8)};
    rig.daemon.can_cancel = sms_id{9};
    const auto done = rig.ask("DELETE", "/v1/sms/0000000000009");
    BOOST_TEST(done.status == 204U);
    BOOST_TEST(done.body.empty());
    BOOST_TEST(rig.error(409, "DELETE", "/v1/sms/0000000000008") == "too_late");
    BOOST_TEST(rig.error(404, "DELETE", "/v1/sms/0000000000007") == "unknown_sms");
    BOOST_TEST(rig.error(404, "DELETE", "/v1/sms/x") == "unknown_sms");
}

BOOST_AUTO_TEST_CASE(an_sms_of_an_operator_goes_the_way_of_all_sms)
{
    const auto watched = rig.feed.watch({});
    const auto ticket = rig.json(201, "POST", "/v1/sms", wish("Hello."));
    BOOST_TEST(ticket.at("segments").to_number<int>() == 1);
    BOOST_TEST(!ticket.at("repeated").as_bool());
    const auto id = boost::json::value_to<std::string>(ticket.at("id"));
    BOOST_TEST(sms_id_from(id).has_value());

    const auto actions = sent();
    BOOST_TEST_REQUIRE(actions.size() == 1U);
    BOOST_TEST(actions[0].session_id == call_id);
    const auto& frame = std::get<send_sms>(actions[0].action);
    BOOST_TEST(frame.phone_number.digits() == "4915199999123");
    BOOST_TEST(frame.message == "Hello.");

    const auto lines = watched->take();
    BOOST_TEST(lines.find(R"("type":"send_sms","recipient":"***123","id":")" + id) !=
               std::string::npos);
    BOOST_TEST(lines.find("Hello.") == std::string::npos);
    BOOST_TEST(rig.env.calls.begin()->second->known().actions == 1U);
}

BOOST_AUTO_TEST_CASE(a_reference_that_is_known_is_the_same_message)
{
    const auto body =
        wish("Hello.", R"(,"client_ref":"order-17","retry":false,"duplicate_ok":true)");
    const auto first = rig.json(201, "POST", "/v1/sms", body);
    const auto again = rig.json(201, "POST", "/v1/sms", body);
    BOOST_TEST(again.at("repeated").as_bool());
    BOOST_TEST(again.at("id") == first.at("id"));
    BOOST_TEST(sent().size() == 1U);
    BOOST_TEST(rig.error(409, "POST", "/v1/sms", wish("Else.", R"(,"client_ref":"order-17")")) ==
               "sms_client_ref_conflict");
}

BOOST_AUTO_TEST_CASE(the_failure_is_not_retried_when_that_was_not_wanted)
{
    struct row {
        bool by_default;
        std::string_view member;
        bool retried;
    };
    const row rows[] = {{true, "", true},
                        {false, "", false},
                        {true, R"(,"retry":false)", false},
                        {false, R"(,"retry":true)", true}};
    for (const auto& r : rows) {
        asio::io_context own_io;
        manual_clock own_time;
        control_rig own(own_io, own_time);
        own.env.retry_sms = r.by_default;
        own.event(start(call_id));
        own.json(201, "POST", "/v1/sms", wish("Hello.", r.member));
        BOOST_TEST(!own.event(speak_event(call_id, "one")).empty());
        own.event(failed_event(call_id, "4915199999123", "smsc_unavailable"));
        run_for(own_io, own_time, 10s);
        BOOST_TEST(!own.event(speak_event(call_id, "two")).empty() == r.retried);
    }
}

BOOST_AUTO_TEST_CASE(what_the_rules_refuse_is_told_with_its_code)
{
    rig.json(201, "POST", "/v1/sms", wish("Hello."));
    BOOST_TEST(rig.error(409, "POST", "/v1/sms", wish("Hello.")) == "sms_duplicate_suppressed");
    BOOST_TEST(rig.error(429, "POST", "/v1/sms", wish("Else.")) == "sms_session_interval");
    BOOST_TEST(rig.error(422, "POST", "/v1/sms", wish("")) == "sms_empty");
    BOOST_TEST(rig.error(422, "POST", "/v1/sms", wish(std::string(2000, 'x'))) == "sms_too_long");
}

BOOST_AUTO_TEST_CASE(a_body_is_read_strictly)
{
    struct row {
        std::string_view body;
        unsigned status;
        std::string_view code, field;
    };
    const row rows[] = {
        {R"({"to":"4915199999123","text":"a"})", 422, "invalid_value", "session"},
        {R"({"session":"7f3a","text":"a"})", 422, "invalid_value", "to"},
        {R"({"session":"7f3a","to":"4915199999123"})", 422, "invalid_value", "text"},
        {R"({"session":7,"to":"4915199999123","text":"a"})", 422, "invalid_value", "session"},
        {R"({"session":"7f3a","to":"0151 99999","text":"a"})", 422, "invalid_phone_number", "to"},
        {R"({"session":"7f3a","to":"4915199999123","text":["a"]})", 422, "invalid_value", "text"},
        {R"({"session":"7f3a","to":"4915199999123","text":"a","retry":"no"})", 422, "invalid_value",
         "retry"},
        {R"({"session":"7f3a","to":"4915199999123","text":"a","ref":"x"})", 422, "invalid_value",
         "ref"},
        {R"({"session":"7f","to":"4915199999123","text":"a"})", 422, "invalid_value", "session"},
        {R"({"session":"8f3a","to":"4915199999123","text":"a"})", 404, "unknown_session",
         "session"},
        {R"(hello)", 400, "not_json", "body"},
    };
    for (const auto& r : rows) {
        const auto e = rig.json(r.status, "POST", "/v1/sms", std::string(r.body)).at("error");
        BOOST_TEST(e.at("code").as_string() == r.code, r.body);
        BOOST_TEST(e.at("field").as_string() == r.field, r.body);
        BOOST_TEST(boost::json::serialize(e).find("99999") == std::string::npos);
    }
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_SUITE_END()
