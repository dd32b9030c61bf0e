#include "aiflow/codec.hpp"

#include "aiflow/sms_text.hpp"
#include "samples.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

namespace aiflow::test {
namespace {

// A fixed seed: a failure is the same on every machine.
class source {
public:
    std::size_t below(std::size_t limit)
    {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_);
    }

    bool coin() { return below(2) == 0; }

    int between(int low, int high) { return std::uniform_int_distribution(low, high)(engine_); }

    std::int64_t integer() { return static_cast<std::int64_t>(engine_()); }

    // Boost.JSON of 1.81 may read the seventeenth digit of a number one off; nobody sets those.
    double fraction() { return between(0, 1000) / 1000.0; }

    std::string bytes(std::size_t most)
    {
        std::string out(below(most + 1), '\0');
        for (auto& c : out)
            c = static_cast<char>(below(256));
        return out;
    }

    std::string text(std::size_t most = 60)
    {
        static constexpr std::string_view pieces[] = {"a",
                                                      "B",
                                                      " ",
                                                      "\"",
                                                      "\\",
                                                      "/",
                                                      "\n",
                                                      "\r",
                                                      "\t",
                                                      "\x01",
                                                      "\x7f",
                                                      "ä",
                                                      "€",
                                                      "😀",
                                                      "{",
                                                      "}",
                                                      "[",
                                                      "]",
                                                      ",",
                                                      ":",
                                                      "null",
                                                      "type",
                                                      "\\u0041",
                                                      "id",
                                                      "ж",
                                                      "\b",
                                                      "\f",
                                                      "\xe2\x80\xa8",
                                                      "\xf4\x8f\xbf\xbf"};
        std::string out;
        for (auto n = below(most + 1); n > 0; --n)
            out += pieces[below(std::size(pieces))];
        if (below(20) == 0)
            out.push_back('\0');
        return out;
    }

    std::string some_text() { return text() + "x"; }

    phone_number number()
    {
        std::string digits(7 + below(9), '0');
        for (auto& c : digits)
            c = static_cast<char>('1' + below(9));
        return phone_number::parse(digits).value();
    }

    template <class T>
    std::optional<T> maybe(T value)
    {
        return coin() ? std::optional<T>(std::move(value)) : std::nullopt;
    }

private:
    std::mt19937_64 engine_{20240229};
};

session_info random_session(source& from)
{
    return {from.some_text(), from.text(5), from.text(5), from.text(2), from.text(5), from.text(5)};
}

event random_event(source& from)
{
    const event all[] = {session_start{},
                         user_speech_started{},
                         user_speak{from.text(), from.coin()},
                         user_barge_in{from.text()},
                         dtmf_received{from.text(2)},
                         assistant_speak{from.text(), from.text(), from.integer(), from.integer()},
                         assistant_speech_ended{},
                         user_input_timeout{},
                         sms_failed{from.text(), from.text(), from.text()},
                         session_end{from.text()}};
    return all[from.below(std::size(all))];
}

barge_in_options random_interruption(source& from)
{
    switch (from.below(4)) {
    case 0:
        return {barge_in_strategy::none, {}, {}};
    case 1:
        return {barge_in_strategy::manual, {}, {}};
    case 2:
        return {barge_in_strategy::immediate, {}, from.maybe(from.between(0, 10000))};
    default:
        return {barge_in_strategy::minimum_characters, from.maybe(from.between(1, 100)),
                from.maybe(from.between(0, 10000))};
    }
}

tts_options random_voice(source& from)
{
    if (from.coin())
        return azure_voice{from.coin() ? "de-DE" : "", from.coin() ? "de-DE-Katja\"Neural" : ""};
    return eleven_labs_voice{from.coin() ? "voice\\ä" : ""};
}

action random_action(source& from)
{
    const auto vad = from.maybe(vad_options{from.between(150, 2000)});
    const auto interruption = from.maybe(random_interruption(from));
    switch (from.below(9)) {
    case 0: {
        speak a{.tts = from.maybe(random_voice(from)),
                .barge_in = interruption,
                .user_input_timeout_seconds = from.maybe(from.between(1, 1000)),
                .vad = vad};
        (from.coin() ? a.text : a.ssml) = from.some_text();
        return a;
    }
    case 1:
        return audio{sound({.data_bytes = 1 + from.below(50)}), interruption};
    case 2:
        return mix_audio{sound({.data_bytes = 1 + from.below(50)}), from.maybe(from.fraction()),
                         false};
    case 3:
        return hangup{};
    case 4:
        return transfer{from.number(), "Wagner \"& Söhne\"", from.number().digits(),
                        from.maybe(from.between(5, 120))};
    case 5:
        return barge_in{};
    case 6:
        return configure_transcription{
            from.maybe(from.coin() ? stt_provider::azure : stt_provider::eleven_labs),
            std::vector<std::string>(from.below(5), "en-US"),
            from.maybe(std::vector<std::string>(from.below(101), from.text(10))), vad};
    case 7:
        return configure_voice_to_voice{from.some_text(), from.text(),
                                        from.maybe(2 * from.fraction()), from.coin() ? "en" : ""};
    default:
        return send_sms{from.number(), "Code \"4242\"\nä€😀\\"};
    }
}

std::string mutated(source& from, std::string json)
{
    static constexpr std::string_view pieces[] = {"{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "\"",
                                                  "\\",
                                                  "null",
                                                  "1e999",
                                                  "-",
                                                  "true",
                                                  "\\ud83d",
                                                  "\xff",
                                                  "{\"a\":",
                                                  "[[[[[[",
                                                  "\"session\":",
                                                  "\"type\":\"user_speak\",",
                                                  "0.0",
                                                  "\n",
                                                  "\xc3"};
    for (auto n = 1 + from.below(4); n > 0; --n) {
        const auto at = from.below(json.size() + 1);
        switch (from.below(4)) {
        case 0:
            json.erase(at, 1 + from.below(8));
            break;
        case 1:
            json.insert(at, pieces[from.below(std::size(pieces))]);
            break;
        case 2:
            json.insert(at, json.substr(from.below(json.size() + 1), from.below(30)));
            break;
        default:
            if (at < json.size())
                json[at] = static_cast<char>(from.below(256));
        }
    }
    return json;
}

BOOST_AUTO_TEST_SUITE(random_input)

BOOST_AUTO_TEST_CASE(random_events_come_back)
{
    source from;
    event_decoder decoder;
    std::string json;
    for (int i = 0; i < 5000; ++i) {
        const incoming_event sent{random_session(from), random_event(from), ""};
        json.clear();
        encode(json, sent);
        const auto message = decoder.decode(json);
        BOOST_TEST_REQUIRE(message.events.size() == 1U, json);
        BOOST_TEST_REQUIRE((message.events.front() == sent), json);
    }
}

BOOST_AUTO_TEST_CASE(random_actions_come_back)
{
    source from;
    std::string json;
    for (int i = 0; i < 5000; ++i) {
        const auto a = random_action(from);
        const auto why = validate(a);
        BOOST_TEST_REQUIRE(!why, (why ? to_string(*why) : ""));
        const auto session = from.some_text();
        json.clear();
        encode(json, session, a);
        const auto actions = decode_actions(json);
        BOOST_TEST_REQUIRE(actions.has_value(), json);
        BOOST_TEST_REQUIRE((actions.value() == std::vector<addressed_action>{{session, a}}), json);
    }
}

BOOST_AUTO_TEST_CASE(random_bytes_are_survived)
{
    source from;
    event_decoder decoder;
    for (int i = 0; i < 20000; ++i) {
        const auto bytes = from.bytes(80);
        const auto message = decoder.decode(bytes);
        BOOST_TEST_REQUIRE((message.events.empty() && message.error));
        BOOST_TEST_REQUIRE(decode_actions(bytes).has_error());
        static_cast<void>(measure_sms(bytes));
        static_cast<void>(inspect_wav_base64(bytes));
        static_cast<void>(phone_number::parse(bytes));
    }
}

BOOST_AUTO_TEST_CASE(mutated_events_are_survived)
{
    source from;
    event_decoder decoder;
    std::size_t read = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string json = from.coin() ? "[" : "";
        encode(json, {full_session(), random_event(from), ""});
        if (json.front() == '[')
            json += R"(,{"type":"odd","session":{"id":"y"},"x":"]"}])";
        json = mutated(from, std::move(json));
        const auto message = decoder.decode(json);
        BOOST_TEST_REQUIRE((!message.events.empty() || message.error.failed()), json);
        BOOST_TEST_REQUIRE((message.dropped != 0) == message.error.failed());
        for (const auto& e : message.events) {
            BOOST_TEST_REQUIRE(!e.session.id.empty());
            // What is kept as text is an event of its own.
            if (e.raw.empty())
                continue;
            ++read;
            event_decoder again;
            const auto copy = again.decode(e.raw);
            BOOST_TEST_REQUIRE(copy.events.size() == 1U, e.raw);
            BOOST_TEST_REQUIRE((copy.events.front() == e), e.raw);
        }
    }
    BOOST_TEST(read > 1000U);
}

BOOST_AUTO_TEST_CASE(mutated_actions_are_survived)
{
    source from;
    std::size_t good = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string json;
        encode(json, "x", random_action(from));
        const auto actions = decode_actions(mutated(from, std::move(json)));
        if (!actions) {
            BOOST_TEST_REQUIRE(!actions.error().text.empty());
            continue;
        }
        for (const auto& a : *actions) {
            ++good;
            BOOST_TEST_REQUIRE(!validate(a.action));
        }
    }
    BOOST_TEST(good > 100U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
