// Which request leads where, and what it says of the daemon.
#include "control_rig.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace aiflow;
using namespace aiflow::test;

namespace {

struct api_fixture {
    asio::io_context io;
    manual_clock time;
    control_rig rig{io, time};

    std::string body(std::string method, std::string target, std::string body = {})
    {
        return boost::json::serialize(
            rig.json(200, std::move(method), std::move(target), std::move(body)));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(control_api_suite, api_fixture)

BOOST_AUTO_TEST_CASE(every_path_takes_its_methods_only)
{
    struct row {
        std::string_view path, allowed;
    };
    const row rows[] = {{"/v1/status", "GET"},     {"/v1/calls", "GET"},
                        {"/v1/sms", "GET, POST"},  {"/v1/sms/0000000000007", "GET, DELETE"},
                        {"/v1/actions", "POST"},   {"/v1/tail", "GET"},
                        {"/v1/log", "GET, PUT"},   {"/v1/drain", "POST"},
                        {"/v1/reload", "POST"},    {"/metrics", "GET, HEAD"},
                        {"/healthz", "GET, HEAD"}, {"/readyz", "GET, HEAD"}};
    for (const auto& r : rows) {
        const auto a = rig.ask("PATCH", std::string(r.path));
        BOOST_TEST(a.status == 405U, r.path);
        BOOST_TEST(a.allowed == r.allowed);
        BOOST_TEST(rig.error(405, "PATCH", std::string(r.path)) == "method_not_allowed");
    }
    BOOST_TEST(rig.ask("HEAD", "/v1/tail").status == 405U);
}

BOOST_AUTO_TEST_CASE(other_paths_are_not_there)
{
    for (const auto* path : {"/", "/v1", "/v1/", "/v1/status/", "/v1/sms/", "/v1/sms/1/2",
                             "/v2/status", "/V1/status", "/metrics/"})
        BOOST_TEST(rig.error(404, "GET", path) == "no_such_path");
}

BOOST_AUTO_TEST_CASE(a_target_that_cannot_be_taken_apart_is_refused)
{
    for (const auto* target :
         {"v1/status", "/v1/status#there", "/v1/calls?unmasked=true&unmasked=false",
          "/v1/sms?state=%zz", "/v1/sta tus"})
        BOOST_TEST(rig.error(400, "GET", target) == "bad_target");
}

BOOST_AUTO_TEST_CASE(a_query_that_is_not_known_is_refused_with_its_name)
{
    const auto e = rig.json(422, "GET", "/v1/calls?unmaskt=true").at("error");
    BOOST_TEST(e.at("field").as_string() == "unmaskt");
    BOOST_TEST(e.at("text").as_string() == "is not known here; there are unmasked");
    for (const auto* target : {"/v1/status?a=b", "/v1/log?x", "/v1/sms?limt=3", "/v1/tail?typ=a"})
        BOOST_TEST(rig.error(422, "GET", target) == "invalid_value");
    for (const auto* target :
         {"/v1/drain?now=true", "/v1/reload?x=1", "/v1/actions?session=1", "/v1/sms?content=true"})
        BOOST_TEST(rig.error(422, "POST", target) == "invalid_value");
    BOOST_TEST(rig.daemon.drains == 0);
}

BOOST_AUTO_TEST_CASE(a_flag_is_true_or_false)
{
    for (const auto* value : {"", "=", "=1", "=yes", "=TRUE"})
        BOOST_TEST(rig.error(422, "GET", std::string("/v1/calls?unmasked") + value) ==
                   "invalid_value");
    BOOST_TEST(body("GET", "/v1/calls?unmasked=true") == R"({"calls":[]})");
    BOOST_TEST(body("GET", "/v1/calls?unmasked=false") == R"({"calls":[]})");
}

BOOST_AUTO_TEST_CASE(the_daemon_is_asked_about_itself)
{
    BOOST_TEST(body("GET", "/v1/status") == R"({"state":"ready"})");
    BOOST_TEST(rig.ask("GET", "/metrics").body == "aiflowd_calls 1\n");
    BOOST_TEST(rig.ask("GET", "/metrics").content_type ==
               "text/plain; version=0.0.4; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(the_level_of_the_log_is_changed)
{
    BOOST_TEST(body("GET", "/v1/log") == R"({"level":"info"})");
    for (const auto* level : {"debug", "warning", "error", "info"}) {
        const auto wanted = std::string(R"({"level":")") + level + R"("})";
        BOOST_TEST(body("PUT", "/v1/log", wanted) == wanted);
        BOOST_TEST(to_string(rig.daemon.level_now) == level);
    }
}

BOOST_AUTO_TEST_CASE(a_level_that_is_none_changes_nothing)
{
    struct row {
        std::string_view body;
        unsigned status;
        std::string_view code, field;
    };
    const row rows[] = {{R"({"level":"loud"})", 422, "invalid_value", "level"},
                        {R"({"level":3})", 422, "invalid_value", "level"},
                        {R"({"level":null})", 422, "invalid_value", "level"},
                        {R"({})", 422, "invalid_value", "level"},
                        {R"({"level":"debug","for":"1h"})", 422, "invalid_value", "for"},
                        {R"(["debug"])", 422, "not_an_object", "body"},
                        {R"({"level":"debug")", 400, "not_json", "body"},
                        {"", 400, "not_json", "body"}};
    for (const auto& r : rows) {
        const auto e = rig.json(r.status, "PUT", "/v1/log", std::string(r.body)).at("error");
        BOOST_TEST(e.at("code").as_string() == r.code);
        BOOST_TEST(e.at("field").as_string() == r.field);
    }
    BOOST_TEST((rig.daemon.level_now == log_level::info));
}

BOOST_AUTO_TEST_CASE(draining_is_only_begun)
{
    BOOST_TEST(rig.ask("POST", "/v1/drain").status == 202U);
    BOOST_TEST(rig.daemon.drains == 1);
}

BOOST_AUTO_TEST_CASE(a_reload_says_what_is_wrong_with_the_file)
{
    BOOST_TEST(body("POST", "/v1/reload") == R"({"reloaded":true})");
    rig.daemon.bad_config =
        problem{make_error_code(errc::storage_failed), "listen.port", "line 3: is no port"};
    const auto e = rig.json(422, "POST", "/v1/reload").at("error");
    BOOST_TEST(e.at("field").as_string() == "listen.port");
    BOOST_TEST(e.at("text").as_string() == "line 3: is no port");
}

BOOST_AUTO_TEST_CASE(health_is_a_status_with_a_reason)
{
    BOOST_TEST(rig.ask("GET", "/healthz").body == "ok\n");
    BOOST_TEST(rig.ask("GET", "/readyz?verbose").status == 200U);
    rig.daemon.busy = "no connection";
    BOOST_TEST(rig.ask("GET", "/healthz").status == 200U);
    const auto not_ready = rig.ask("GET", "/readyz");
    BOOST_TEST(not_ready.status == 503U);
    BOOST_TEST(not_ready.body == "no connection\n");
    BOOST_TEST(rig.ask("HEAD", "/readyz").status == 503U);
    BOOST_TEST(rig.ask("HEAD", "/readyz").body.empty());
    rig.daemon.ill = "the outbox has failed";
    BOOST_TEST(rig.ask("GET", "/healthz").body == "the outbox has failed\n");
    BOOST_TEST(rig.ask("GET", "/healthz").status == 503U);
}

BOOST_AUTO_TEST_CASE(the_metrics_port_offers_nothing_else)
{
    const auto scope = control_scope::observation;
    for (const auto* path : {"/metrics", "/healthz", "/readyz"})
        BOOST_TEST(rig.ask("GET", path, {}, scope).status == 200U);
    for (const auto* path : {"/v1/status", "/v1/calls", "/v1/sms", "/v1/tail", "/v1/log"})
        BOOST_TEST(rig.ask("GET", path, {}, scope).status == 404U);
    for (const auto* path : {"/v1/drain", "/v1/reload", "/v1/actions"})
        BOOST_TEST(rig.ask("POST", path, {}, scope).status == 404U);
    BOOST_TEST(rig.daemon.drains == 0);
}

BOOST_AUTO_TEST_CASE(a_request_that_throws_is_one_that_failed)
{
    rig.daemon.throws = true;
    BOOST_TEST(rig.error(500, "GET", "/v1/sms") == "internal");
    BOOST_TEST(std::count(rig.log.begin(), rig.log.end(), "control.failed") == 1);
    rig.daemon.throws = false;
    BOOST_TEST(body("GET", "/v1/sms") == R"({"sms":[]})");
}

BOOST_AUTO_TEST_SUITE_END()
