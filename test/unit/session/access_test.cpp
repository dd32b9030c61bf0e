// Who may ask for what at a listener.
#include "session/access.hpp"
#include "session/log_limiter.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace aiflow;

namespace {

access_rules rules()
{
    access_rules r;
    r.websocket_path = "/ws";
    r.event_path = "/events";
    r.health_path = "/healthz";
    r.tokens = {secret("old"), secret("new")};
    r.origins = {"https://console.example"};
    return r;
}

http_request request(std::string method, std::string target, std::vector<http_header> headers = {})
{
    http_request r;
    r.method = std::move(method);
    r.target = std::move(target);
    r.headers = std::move(headers);
    return r;
}

const http_header token{"x-api-token", "new"};

unsigned status(const http_request& r, const access_rules& by = rules())
{
    const auto d = decide(r, by);
    return d.kind == access_decision::refused ? d.status : 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(who_is_let_in)

BOOST_AUTO_TEST_CASE(what_is_let_in)
{
    BOOST_TEST(decide(request("GET", "/ws", {token}), rules()).kind == access_decision::websocket);
    BOOST_TEST(decide(request("GET", "/ws?call=1", {token}), rules()).kind ==
               access_decision::websocket);
    BOOST_TEST(decide(request("POST", "/events", {token}), rules()).kind == access_decision::event);
    BOOST_TEST(decide(request("GET", "/healthz"), rules()).kind == access_decision::health);
    BOOST_TEST(decide(request("HEAD", "/healthz?x"), rules()).kind == access_decision::health);
}

BOOST_AUTO_TEST_CASE(a_token_exactly_once_and_one_of_those_in_use)
{
    BOOST_TEST(status(request("GET", "/ws")) == 401U);
    BOOST_TEST(status(request("GET", "/ws", {{"X-API-TOKEN", ""}})) == 401U);
    BOOST_TEST(status(request("GET", "/ws", {{"X-API-TOKEN", "wrong"}})) == 401U);
    BOOST_TEST(status(request("GET", "/ws", {{"X-API-TOKEN", "newer"}})) == 401U);
    BOOST_TEST(status(request("GET", "/ws", {token, token})) == 401U);
    BOOST_TEST(status(request("POST", "/events")) == 401U);
    BOOST_TEST(status(request("GET", "/ws", {{"X-API-TOKEN", "old"}})) == 0U);
    auto open = rules();
    open.tokens.clear();
    BOOST_TEST(status(request("GET", "/ws"), open) == 0U);
}

BOOST_AUTO_TEST_CASE(pages_in_a_browser_are_refused_whatever_they_know)
{
    for (const char* origin : {"https://evil.example", "null", "", "https://console.example:8443"})
        BOOST_TEST(status(request("GET", "/ws", {token, {"Origin", origin}})) == 403U, origin);
    const http_header listed{"Origin", "https://console.example"};
    BOOST_TEST(status(request("GET", "/ws", {token, listed})) == 0U);
    BOOST_TEST(status(request("GET", "/ws", {token, listed, listed})) == 403U);
    BOOST_TEST(status(request("POST", "/events", {token, {"Origin", "null"}})) == 403U);
}

BOOST_AUTO_TEST_CASE(paths_and_methods)
{
    for (const char* path : {"/", "/ws/", "/WS", "/wsx", "/events/1", "//ws"})
        BOOST_TEST(status(request("GET", path, {token})) == 404U, path);
    BOOST_TEST(status(request("GET", "/events", {token})) == 405U);
    BOOST_TEST(status(request("POST", "/healthz")) == 405U);
    auto none = rules();
    none.health_path.clear();
    none.event_path.clear();
    BOOST_TEST(status(request("GET", "/healthz"), none) == 404U);
    BOOST_TEST(status(request("POST", "/events", {token}), none) == 404U);
}

// AI Flow's dashboard has one field for the URL of either kind.
BOOST_AUTO_TEST_CASE(both_kinds_on_one_path)
{
    auto one = rules();
    one.event_path = one.websocket_path;
    BOOST_TEST(decide(request("POST", "/ws", {token}), one).kind == access_decision::event);
    BOOST_TEST(decide(request("GET", "/ws", {token}), one).kind == access_decision::websocket);
}

BOOST_AUTO_TEST_CASE(ten_lines_a_second_and_how_many_were_left_out)
{
    log_limiter limiter;
    clock::time_point now{std::chrono::hours(1)};
    unsigned written = 0;
    for (int i = 0; i < 100; ++i)
        written += limiter.allow(now) ? 1 : 0;
    BOOST_TEST(written == 10U);
    now += std::chrono::seconds(1);
    BOOST_TEST(limiter.allow(now).value() == 90U);
    BOOST_TEST(limiter.allow(now).value() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
