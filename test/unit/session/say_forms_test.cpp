// What a bot may write behind co_await: GCC 12 frees some temporaries there twice, so each form
// that the documentation shows is tried, with texts too long to live inside a string object.
#include "rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

constexpr const char* long_text = "A text that is certainly too long for the inside of a string.";

speak speak_ssml()
{
    return {.ssml = "<speak>A text that is certainly too long.</speak>"};
}

static_assert(unnamed_aggregate<speak> && !unnamed_aggregate<speak&> && !unnamed_aggregate<hangup>);
static_assert(unnamed_aggregate<sms_options> && !unnamed_aggregate<action>);

asio::awaitable<void> every_form(scripted_handler& h, std::string what)
{
    if (what != "go")
        co_return;
    co_await h.say(long_text);
    co_await h.say(std::string(long_text));
    speak named{.text = long_text};
    co_await h.say(named);
    const speak ssml = speak_ssml();
    co_await h.say(ssml);
    co_await h.send(hangup{});
    configure_transcription languages;
    languages.languages = {"de-DE", "en-US"};
    co_await h.send(languages);
    std::vector<action> both;
    both.emplace_back(barge_in{});
    both.emplace_back(speak{.text = long_text});
    co_await h.send(std::move(both));
    co_await h.send_sms(h.caller(), long_text);
    sms_options options;
    options.client_ref = "a key that is certainly too long for the inside of a string";
    options.max_age = 60s;
    co_await h.send_sms(phone_number::parse("491707654321"), "Another text", options);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forms_behind_co_await)

BOOST_AUTO_TEST_CASE(each_arrives_as_it_was_written)
{
    client_options o;
    o.sessions.sms.session_interval = 0ms;
    rig r(o);
    r.bot->on_event = every_form;
    r.start();
    r.send(start("a"));
    r.send(speak_event("a", "go"));
    const auto& got = r.last().received;
    BOOST_TEST(count(got, "speak") == 5u);
    for (std::size_t i : {0u, 1u, 2u, 4u})
        BOOST_TEST(std::get<speak>(nth(got, "speak", i).action).text == long_text);
    BOOST_TEST(std::get<speak>(nth(got, "speak", 3).action).ssml.starts_with("<speak>"));
    const auto configured = nth(got, "configure_transcription").action;
    BOOST_TEST(std::get<configure_transcription>(configured).languages.size() == 2u);
    BOOST_TEST(count(got, "send_sms") == 2u);
    BOOST_TEST(r.loop->home().snapshot().handler_errors == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
