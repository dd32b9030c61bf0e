#include "aiflow/listener.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

// What is said about the defaults with one change.
std::string complaint(const std::function<void(listener_options&)>& change)
{
    listener_options o;
    change(o);
    const auto wrong = validate(o);
    return wrong ? to_string(*wrong) : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listener_option_rules)

BOOST_AUTO_TEST_CASE(the_defaults_are_fine)
{
    BOOST_TEST(complaint([](auto&) {}) == "");
    BOOST_TEST(complaint([](auto& o) { o.address = "::1"; }) == "");
    BOOST_TEST(complaint([](auto& o) { o.http_path = o.path; }) == "");
}

BOOST_AUTO_TEST_CASE(an_address_that_others_reach_needs_a_token)
{
    BOOST_TEST(complaint([](auto& o) { o.address = "0.0.0.0"; }) ==
               "tokens: are needed, since others can reach 0.0.0.0; or listen on 127.0.0.1, "
               "behind a proxy that asks for one");
    BOOST_TEST(complaint([](auto& o) {
                   o.address = "::";
                   o.tokens = {secret("t")};
               }) == "");
    BOOST_TEST(complaint([](auto& o) { o.address = "flow.example.com"; }) ==
               "address: must be an IP address, such as 127.0.0.1 or ::");
}

BOOST_AUTO_TEST_CASE(tokens)
{
    BOOST_TEST(complaint([](auto& o) {
                   o.tokens = {secret("a"), secret("")};
               }) == "tokens[1]: is empty");
    BOOST_TEST(complaint([](auto& o) { o.tokens.assign(3, secret("a")); }) ==
               "tokens: must be two at most: the one in use, and the one to come");
}

BOOST_AUTO_TEST_CASE(paths)
{
    BOOST_TEST(complaint([](auto& o) { o.path = "ws"; }) == "path: must begin with /, such as /ws");
    BOOST_TEST(complaint([](auto& o) { o.http_path = "/a?b"; }) ==
               "http_path: must be a path without query, blanks and control characters");
    BOOST_TEST(complaint([](auto& o) { o.health_path = "/ws"; }) ==
               "health_path: must differ from the paths of the calls");
    BOOST_TEST(complaint([](auto& o) { o.health_path = ""; }) == "");
}

BOOST_AUTO_TEST_CASE(files_of_the_certificate)
{
    BOOST_TEST(complaint([](auto& o) { o.certificate_file = "/nowhere/cert.pem"; }) ==
               "certificate_file: /nowhere/cert.pem cannot be read: No such file or directory");
    BOOST_TEST(complaint([](auto& o) { o.key_file = "/nowhere/key.pem"; }) ==
               "certificate_file: is missing; a certificate needs its key, and a key its "
               "certificate");
}

BOOST_AUTO_TEST_CASE(limits)
{
    BOOST_TEST(complaint([](auto& o) { o.answer_within = 0ms; }) ==
               "answer_within: must be 1 to 60000 ms, not 0");
    BOOST_TEST(complaint([](auto& o) { o.max_strangers = 0; }) ==
               "max_strangers: must be 1 to 100000, not 0");
    BOOST_TEST(complaint([](auto& o) { o.limits.message_bytes = 0; }) ==
               "limits.message_bytes: must be 1 to 1073741824");
    BOOST_TEST(!complaint([](auto& o) { o.connection.pong_timeout = 0ms; }).empty());
    BOOST_TEST(!complaint([](auto& o) { o.sessions.queue_events = 0; }).empty());
}

BOOST_AUTO_TEST_SUITE_END()
