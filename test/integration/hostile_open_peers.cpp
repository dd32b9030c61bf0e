// What a peer can do once its WebSocket is open.
#include "hostile_peers.hpp"
#include "scripted_handler.hpp"

namespace aiflow::test::hostile {

namespace {

using namespace std::string_literals;

std::string big_question(role who)
{
    return text_of(who, speak_event("theirs", std::string(100'000, 'x')));
}

std::string many(std::size_t count, const std::string& what)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += what;
    return all;
}

// A header that promises `length` bytes, in 64 bits.
std::string promising(role who, std::string_view length)
{
    const bool masked = who == role::client;
    return "\x81"s + (masked ? "\xff" : "\x7f") + std::string(length) +
           (masked ? "\x11\x22\x33\x44" : "");
}

peer_script after_a_start(role who)
{
    return peer_script().says(text_of(who, start("theirs"))).hears("after start");
}

verdict without(verdict v, std::string_view unheard)
{
    v.unheard = unheard;
    return v;
}

}  // namespace

std::vector<open_peer> open_peers(role who)
{
    const auto f = [who](unsigned char first, std::string_view payload) {
        return frame_of(who, first, payload);
    };
    const auto text = [who](std::string_view json) { return text_of(who, json); };
    const auto other = who == role::client ? role::server : role::client;
    const auto broken = cut_off(errc::protocol_violation, 1002);
    const auto too_large = cut_off(errc::message_too_large, 1009);
    const auto no_utf8 = cut_off(errc::protocol_violation, 1007);
    const auto lost = ended(errc::connection_lost, 0s);
    const auto said = [who](std::string bytes) {
        return after_a_start(who).says(std::move(bytes));
    };

    return {
        // Frames that lie.
        {"S14_mask_of_the_other_role", said(text_of(other, start("x"))), broken},
        {"S15_2_to_the_63_minus_1_bytes", said(promising(who, "\x7f\xff\xff\xff\xff\xff\xff\xff")),
         too_large},
        {"S15_2_to_the_64_minus_1_bytes", said(promising(who, "\xff\xff\xff\xff\xff\xff\xff\xff")),
         broken},
        {"S15_one_byte_more_than_allowed", said(promising(who, "\0\0\0\0\0\x10\0\x01"s)),
         too_large},
        {"S15_5_bytes_in_the_form_for_126",
         said(who == role::client ? "\x81\xfe\0\x05\x11\x22\x33\x44hello"s
                                  : "\x81\x7e\0\x05hello"s),
         broken},
        {"S15_5_bytes_in_the_form_for_65536", said(promising(who, "\0\0\0\0\0\0\0\x05"s) + "hello"),
         broken},
        {"S15_10000_fragments", said(f(text_begin, "x") + many(9'999, f(continued, "x"))),
         cut_off(errc::too_many_fragments, 1008)},
        {"S15_10000_empty_fragments", said(f(text_begin, "") + many(9'999, f(continued, ""))),
         cut_off(errc::too_many_fragments, 1008)},
        {"S15_fragments_that_together_are_too_large",
         said(f(text_begin, std::string(600'000, 'x')) + f(continued, std::string(600'000, 'x'))),
         too_large},
        {"a_continuation_of_nothing", said(f(continued | fin, "of nothing")), broken},
        {"a_text_inside_a_text", said(f(text_begin, "a") + f(text_frame, "b")), broken},
        {"reserved_bits", said(f(0xc1, "compressed?")), broken},
        {"a_reserved_opcode", said(f(0x83, "?")), broken},
        {"a_ping_in_parts", said(f(0x09, "?")), broken},
        {"a_ping_of_126_bytes", said(f(ping_frame, std::string(126, 'x'))), broken},
        {"S17_no_utf8", said(f(text_frame, "\xff\xfe")), no_utf8},
        {"S17_half_a_character", said(f(text_begin, "\xe2\x82") + f(continued | fin, "")), no_utf8},
        {"garbage", said("\xde\xad\xbe\xef"s + std::string(64, '\0')), broken},
        {"http_where_frames_belong", said("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), broken},

        // Time.
        {"F05_half_closes", after_a_start(who).half_closes(), lost},
        {"F05_half_closes_in_a_frame", said(text(start("x")).substr(0, 9)).half_closes(), lost},
        {"F02_resets", after_a_start(who).resets(), lost},
        {"F02_resets_in_a_frame", said(text(start("x")).substr(0, 9)).resets(), lost},
        {"F05_closes_without_a_word", after_a_start(who).closes(), lost},
        {"F19_never_answers_pings", after_a_start(who), ended(errc::pong_timeout, 30s)},
        {"F19_stops_in_a_frame", said(text(start("x")).substr(0, 9)),
         ended(errc::pong_timeout, 30s)},
        {"F19_answers_a_ping_too_late",
         after_a_start(who).waits(30s).says(f(pong_frame, "1") + text(speak_event("theirs", "?"))),
         without(ended(errc::pong_timeout, 30s), "after ?")},
        {"F19_answers_a_ping_just_in_time",
         after_a_start(who)
             .waits(29'999ms)
             .says(f(pong_frame, "1") + text(speak_event("theirs", "here")))
             .hears("after here"),
         ended(errc::pong_timeout, 59'999ms)},
        {"F19_answers_pings_with_other_words",
         after_a_start(who)
             .waits(29s)
             .says(f(pong_frame, "18446744073709551616") + f(pong_frame, "") +
                   f(pong_frame, "\0\xff"s) + text(speak_event("theirs", "here")))
             .hears("after here"),
         left_alone()},
        {"F19_sends_only_pings",
         peer_script().says(f(ping_frame, "?")).hears("\x8a?").forgets().waits(19s).repeated(5),
         left_alone()},
        {"F19_sends_events_and_never_a_pong",
         peer_script()
             .says(text(speak_event("theirs", "hello")))
             .hears("after hello")
             .forgets()
             .waits(25s)
             .repeated(5),
         left_alone()},
        {"slow_one_byte_of_a_frame_a_second",
         peer_script().says_slowly(text(start("theirs"))).hears("after start"), left_alone()},
        {"F06_never_reads", after_a_start(who).stops_reading().says(many(80, big_question(who))),
         ended(errc::write_timeout, 10s)},

        // Sessions and events.
        {"F18_takes_over_the_session_of_another_connection",
         peer_script().says(text(speak_event("witness", "mine"))).hears("after mine").waits(1ms),
         left_alone()},
        {"events_of_sessions_that_nobody_knows",
         peer_script()
             .says(text(plain("session_end", "nobody")) +
                   text(plain("user_speech_started", "new")) + text(speak_event("other", "hello")))
             .hears("after hello"),
         left_alone()},
        {"sms_failed_for_numbers_never_texted",
         said(many(20, text(failed_event("nobody", "4915100000000", "smsc_unavailable"))) +
              text(failed_event("theirs", "4915100000000", "smsc_unavailable")))
             .hears("after failed smsc_unavailable")
             .waits(5s),
         saying(without(left_alone(), "send_sms"), "sms.orphan")},
        {"sms_failed_for_another_number_than_was_texted",
         said(text(speak_event("theirs", "text me")))
             .hears("send_sms")
             .forgets()
             .says(text(failed_event("theirs", "4915100000000", "smsc_unavailable")))
             .hears("after failed smsc_unavailable")
             .waits(5s),
         saying(without(left_alone(), "send_sms"), "sms.orphan")},
        {"echoes_our_actions",
         said(text(R"({"type":"speak","session_id":"theirs","text":"after start"})") +
              text(R"({"type":"send_sms","session_id":"theirs","message":"x"})") +
              text(R"([{"type":"hangup","session_id":"theirs"}])") +
              text(speak_event("theirs", "hello")))
             .hears("after hello"),
         saying(left_alone(), "event.malformed")},
        {"F39_wrong_types_everywhere",
         said(text(R"({"type":5,"session":{"id":"theirs"}})") +
              text(R"({"type":"user_speak","session":[]})") +
              text(R"({"type":"user_speak","session":{"id":null},"text":"x"})") +
              text(R"({"type":"user_speak","session":{"id":"theirs"},"text":{"a":-1}})") +
              text(R"({"type":"sms_failed","session":{"id":"theirs"},"recipient":49151,)"
                   R"("reason":9223372036854775808})") +
              text(speak_event("theirs", "hello")))
             .hears("after hello"),
         saying(left_alone(), "event.malformed")},
        {"F40_an_event_that_nobody_knows",
         said(text(plain("user_\\u0000_\\u001b[31m", "theirs"))).hears("after unknown user_"),
         left_alone()},
        {"S19_nested_a_hundred_thousand_times",
         said(text(std::string(100'000, '[')) + text(R"({"type":)" + many(50'000, R"({"a":)")) +
              text(speak_event("theirs", "hello")))
             .hears("after hello"),
         saying(left_alone(), "event.malformed")},
        {"NUL_bytes",
         said(text("\0"s) + text(start("nu\0l"s)) + f(binary_frame, std::string(1000, '\0')) +
              text(start("nu\\u0000l")) + text(speak_event("theirs", "hello")))
             .hears("after hello"),
         saying(left_alone(), "event.malformed")},
    };
}

std::vector<open_peer> closing_peers(role who)
{
    std::vector<open_peer> all;
    const auto add = [&](std::string name, const std::string& bytes, verdict must) {
        all.push_back({std::move(name), after_a_start(who).says(bytes), must});
    };
    const auto closing = [who](std::string_view payload) {
        return frame_of(who, close_frame, payload);
    };
    const auto told = [](unsigned code, unsigned answer, retry again) {
        auto v = cut_off(errc::closed_by_peer, answer);
        v.it_closed = code;
        v.again = again;
        return v;
    };
    constexpr retry restart{5s, 6s};

    for (const unsigned code :
         {1000U, 1001U, 1002U, 1003U, 1007U, 1009U, 1010U, 1011U, 1014U, 3000U, 4000U, 4999U})
        add("F11_with_" + std::to_string(code), closing(close_payload(code)),
            told(code, code, soon));
    for (const unsigned code : {1012U, 1013U})
        add("F11_with_" + std::to_string(code), closing(close_payload(code)),
            told(code, code, restart));
    for (const unsigned code : {1008U, 4401U, 4403U})
        add("F11_with_" + std::to_string(code), closing(close_payload(code)),
            told(code, code, slowly));
    // Codes that must not be sent.
    for (const unsigned code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 2999U})
        add("F11_with_" + std::to_string(code) + "_which_is_no_code", closing(close_payload(code)),
            cut_off(errc::protocol_violation, 1002));

    add("F11_with_nothing", closing(""), told(0, 1000, soon));
    add("F11_with_one_byte", closing("\x03"), cut_off(errc::protocol_violation, 1002));
    add("F11_with_a_reason_that_is_no_utf8", closing(close_payload(1000, "\xff\xfe")),
        cut_off(errc::protocol_violation, 1002));
    add("F11_with_126_bytes", closing(close_payload(1000, std::string(124, 'x'))),
        cut_off(errc::protocol_violation, 1002));
    auto escaped = told(1001, 1001, soon);
    escaped.log = R"(go\x1b[31m\x0d\x0aaway)";
    add("F11_with_a_reason_that_paints", closing(close_payload(1001, "go\x1b[31m\r\naway")),
        escaped);
    auto behind = told(1000, 1000, soon);
    behind.unheard = "after too late";
    add("F11_and_goes_on_talking",
        closing(close_payload(1000)) + text_of(who, speak_event("theirs", "too late")) +
            closing(close_payload(1011)),
        behind);
    return all;
}

}  // namespace aiflow::test::hostile
