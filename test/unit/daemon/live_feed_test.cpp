// What those who watch the calls see, and what they miss.
#include "control_rig.hpp"
#include "scripted_handler.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace aiflow;
using namespace aiflow::test;

namespace {

struct live_feed_fixture {
    live_feed_fixture()
    {
        info.id = "7f3a9c21-5d1e";
        info.from_phone_number = "4915112345678";
        info.to_phone_number = "4921100000";
        info.direction = "inbound";
    }

    std::shared_ptr<live_tail> watch(bool numbers = false, bool content = false,
                                     std::vector<std::string> types = {}, std::string session = {})
    {
        tail_filter f;
        f.shown.numbers = numbers;
        f.shown.content = content;
        f.types = std::move(types);
        f.session = std::move(session);
        return feed.watch(std::move(f));
    }

    void event(aiflow::event e, std::string id = {})
    {
        incoming_event in;
        in.session = info;
        if (!id.empty())
            in.session.id = std::move(id);
        in.event = std::move(e);
        feed.event(in);
    }

    // The members behind those that every line has.
    static std::string rest(const std::string& line)
    {
        static const std::string head = R"({"time":"2026-12-18T00:00:00.000Z","kind":"event",)"
                                        R"("session":"7f3a9c21-5d1e","type":)";
        BOOST_TEST(line.starts_with(head), line);
        BOOST_TEST(line.ends_with("}\n"));
        return line.substr(std::min(head.size(), line.size()));
    }

    asio::io_context io;
    manual_clock time;
    live_feed feed{io.get_executor(), time};
    session_info info;
};

std::vector<event> events()
{
    user_speak spoken{"my PIN is 4711", true};
    assistant_speak said;
    said.text = "Welcome.";
    said.duration_ms = 900;
    sms_failed failure{"+4915112345678", "smsc_unavailable", "detail about 4915112345678"};
    session_end end;
    end.reason = "hangup";
    return {session_start{},
            spoken,
            dtmf_received{"4"},
            said,
            failure,
            end,
            unknown_event{"call_rated", R"({"type":"call_rated","stars":5})"},
            user_input_timeout{}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(live_feed_suite, live_feed_fixture)

BOOST_AUTO_TEST_CASE(what_is_private_is_not_shown)
{
    const auto tail = watch();
    const std::string expected[] = {
        R"("session_start","from":"***678","to":"***000","direction":"inbound"})",
        R"("user_speak","barged_in":true})",
        R"("dtmf_received"})",
        R"("assistant_speak","duration_ms":900})",
        R"("sms_failed","recipient":"***678","reason":"smsc_unavailable"})",
        R"("session_end","reason":"hangup","cause":"service"})",
        R"("call_rated"})",
        R"("user_input_timeout"})"};
    std::size_t n = 0;
    for (const auto& e : events()) {
        event(e);
        BOOST_TEST(rest(tail->take()) == expected[n++] + "\n");
    }
}

BOOST_AUTO_TEST_CASE(everything_is_shown_when_asked_for)
{
    const auto tail = watch(true, true);
    const std::string expected[] = {
        R"("session_start","from":"4915112345678","to":"4921100000","direction":"inbound"})",
        R"("user_speak","barged_in":true,"text":"my PIN is 4711"})",
        R"("dtmf_received","digit":"4"})",
        R"("assistant_speak","duration_ms":900,"text":"Welcome."})",
        (R"("sms_failed","recipient":"+4915112345678","reason":"smsc_unavailable",)"
         R"("message":"detail about 4915112345678"})"),
        R"("session_end","reason":"hangup","cause":"service"})",
        R"("call_rated","raw":"{\"type\":\"call_rated\",\"stars\":5}"})",
        R"("user_input_timeout"})"};
    std::size_t n = 0;
    for (const auto& e : events()) {
        event(e);
        BOOST_TEST(rest(tail->take()) == expected[n++] + "\n");
    }
}

BOOST_AUTO_TEST_CASE(each_watcher_sees_what_it_asked_for)
{
    const auto masked = watch();
    const auto open = watch(true, true);
    event(sms_failed{"4915112345678", "unknown", ""});
    BOOST_TEST(masked->take().find("4915112345678") == std::string::npos);
    BOOST_TEST(open->take().find("4915112345678") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(actions_outcomes_and_calls_are_told)
{
    const auto tail = watch();
    feed.opened(info);
    const send_sms text{phone_number::parse("4915112345678").value(), "Your code is 4242."};
    feed.action(info, text, std::nullopt, sms_id{7});
    const problem why{make_error_code(errc::sms_session_interval), "sms", "wait"};
    feed.action(info, text, why, std::nullopt);
    feed.action(info, audio{std::string(4000, 'A'), {}}, std::nullopt, std::nullopt);
    sms_outcome o;
    o.id = sms_id{7};
    o.attempts = 2;
    o.handed_off = true;
    feed.outcome(info, o);
    feed.closed(info);
    const auto line = [](std::string_view kind, std::string_view rest) {
        return R"({"time":"2026-12-18T00:00:00.000Z","kind":")" + std::string(kind) +
               R"(","session":"7f3a9c21-5d1e")" + std::string(rest) + "}\n";
    };
    const std::string sms = R"(,"type":"send_sms","recipient":"***678",)";
    BOOST_TEST(tail->take() ==
               line("opened", R"(,"from":"***678","to":"***000","direction":"inbound")") +
                   line("action", sms + R"("id":"0000000000007")") +
                   line("action", sms + R"("refused":"sms: wait")") +
                   line("action", R"(,"type":"audio","base64_bytes":4000)") +
                   line("outcome", R"(,"id":"0000000000007","state":"assumed_sent","reason":"",)"
                                   R"("attempts":2,"handed_off":true,"corrected":false,)"
                                   R"("ambiguous":false,"client_ref":"")") +
                   line("closed", ""));
}

BOOST_AUTO_TEST_CASE(only_what_is_wanted_comes)
{
    const auto typed = watch(false, false, {"user_speak", "closed"});
    const auto of_call = watch(false, false, {}, "other");
    event(dtmf_received{"1"});
    event(user_speak{"a", false});
    event(user_speak{"b", false}, "other");
    feed.opened(info);
    feed.closed(info);
    const auto count = [](const std::string& text) {
        return std::count(text.begin(), text.end(), '\n');
    };
    BOOST_TEST(count(typed->take()) == 3);
    BOOST_TEST(count(of_call->take()) == 1);
}

BOOST_AUTO_TEST_CASE(a_slow_watcher_loses_the_oldest_lines_and_is_told)
{
    const auto tail = watch(false, true);
    const auto lines = static_cast<int>(line_buffer::max_lines);
    for (int n = 0; n < lines + 44; ++n)
        event(user_speak{std::to_string(n), false});
    auto text = tail->take();
    BOOST_TEST(text.starts_with("{\"kind\":\"lost\",\"lines\":44}\n"));
    BOOST_TEST(text.find(R"("text":"43")") == std::string::npos);
    BOOST_TEST(text.find(R"("text":"44")") != std::string::npos);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == lines + 1);
    // It is told once.
    event(user_speak{"then", false});
    text = tail->take();
    BOOST_TEST(text.find("lost") == std::string::npos);
    BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1);
    BOOST_TEST(tail->take().empty());
}

BOOST_AUTO_TEST_CASE(long_lines_are_bounded_too)
{
    const auto tail = watch(false, true);
    for (int n = 0; n < 5; ++n)
        event(user_speak{std::string(300'000, 'x'), false});
    auto text = tail->take();
    BOOST_TEST(text.starts_with("{\"kind\":\"lost\",\"lines\":2}\n"));
    BOOST_TEST(text.size() <= line_buffer::max_bytes + 100);
    event(user_speak{std::string(2'000'000, 'x'), false});
    BOOST_TEST(tail->take() == "{\"kind\":\"lost\",\"lines\":1}\n");
}

BOOST_AUTO_TEST_CASE(who_has_gone_is_forgotten)
{
    std::vector<std::shared_ptr<live_tail>> tails;
    for (std::size_t n = 0; n < live_feed::max_tails; ++n)
        tails.push_back(watch());
    BOOST_TEST(watch() == nullptr);
    tails.erase(tails.begin() + 3);
    event(dtmf_received{"1"});
    BOOST_TEST(!tails[3]->take().empty());
    BOOST_TEST(watch() != nullptr);
}

// An observer that wants to cost nothing must not even look at the clock.
BOOST_AUTO_TEST_CASE(nothing_is_done_while_nobody_watches)
{
    counting_clock counter;
    live_feed quiet(io.get_executor(), counter);
    incoming_event in;
    in.session = info;
    in.event = dtmf_received{"1"};
    quiet.event(in);
    quiet.opened(info);
    quiet.closed(info);
    BOOST_TEST(counter.asked == 0);
    const auto tail = quiet.watch({});
    quiet.event(in);
    BOOST_TEST(counter.asked == 1);
}

BOOST_AUTO_TEST_SUITE_END()
