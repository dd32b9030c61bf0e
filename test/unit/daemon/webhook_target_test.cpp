#include "daemon/webhook_target.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;

namespace {

daemon_config::webhook_section settings(std::string url)
{
    daemon_config::webhook_section s;
    s.url = std::move(url);
    return s;
}

std::string wrong(const daemon_config::webhook_section& s, std::string token = "hunter2")
{
    const auto target = make_webhook_target(s, secret(token));
    return target ? "" : to_string(target.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(webhook_target_suite)

BOOST_AUTO_TEST_CASE(the_request_is_the_one_of_the_service)
{
    const auto target =
        make_webhook_target(settings("http://127.0.0.1:5000/hook/a%20b?key=1&x"), secret("t0ken"));
    BOOST_TEST_REQUIRE(target.has_value());
    BOOST_TEST(post_text(*target, R"({"a":1})") ==
               "POST /hook/a%20b?key=1&x HTTP/1.1\r\nHost: 127.0.0.1:5000\r\nUser-Agent: aiflow\r\n"
               "Accept: application/json\r\nContent-Type: application/json\r\n"
               "Content-Length: 7\r\nX-API-TOKEN: t0ken\r\n\r\n{\"a\":1}");
    BOOST_TEST(target->name() == "127.0.0.1:5000");
}

BOOST_AUTO_TEST_CASE(without_a_token_there_is_no_header_for_it)
{
    const auto target = make_webhook_target(settings("http://localhost/"), secret());
    BOOST_TEST_REQUIRE(target.has_value());
    BOOST_TEST(post_text(*target, "{}").find("TOKEN") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_cannot_bring_headers_of_its_own)
{
    const auto s = settings("http://localhost/");
    BOOST_TEST(wrong(s) == "");
    for (const std::string bad : {"hunter2\r\nX-Evil: 1", "hunter2\n", " hunter2", "hunter2 ",
                                  "hun\x01ter2", "hunter2\x7f"}) {
        const auto text = wrong(s, bad);
        BOOST_TEST(text.starts_with("webhook.token_file: "), text);
        BOOST_TEST(text.find("hunter2") == std::string::npos, text);
    }
    BOOST_TEST(wrong(s, std::string("a\0b", 3)) != "");
}

BOOST_AUTO_TEST_CASE(names_the_key_that_is_wrong)
{
    BOOST_TEST(wrong(settings("")) ==
               "webhook.url: is not a URL; it has to look like https://host/path");
    BOOST_TEST(wrong(settings("wss://a.b/")) == "webhook.url: must start with https:// or http://");
    BOOST_TEST(wrong(settings("http://a\r\nb/")).starts_with("webhook.url: "));
    auto plain = settings("http://app.example.com/");
    BOOST_TEST(wrong(plain).find("allow_plain_text") != std::string::npos);
    plain.allow_plain_text = true;
    BOOST_TEST(wrong(plain) == "");
    auto secure = settings("https://app.example.com/");
    BOOST_TEST(wrong(secure) == "");
    secure.ca_file = "/does/not/exist.pem";
    BOOST_TEST(wrong(secure) == "webhook.ca_file: cannot be read as PEM certificates");
}

BOOST_AUTO_TEST_SUITE_END()
