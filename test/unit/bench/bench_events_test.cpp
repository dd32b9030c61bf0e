#include "bench/answer.hpp"
#include "bench/event_texts.hpp"
#include "bench/frames.hpp"

#include "aiflow/codec.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>

using namespace aiflow;
using namespace aiflow::bench;

namespace {

std::string text_with(const numbered_frame& f, std::uint64_t call)
{
    std::string bytes = "something before";
    const auto before = bytes.size();
    f.append_to(bytes, call);
    frame_scanner scanner;
    scanner.put(std::span(bytes).subspan(before));
    const auto found = scanner.next();
    BOOST_REQUIRE(found);
    return std::string(found->payload);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bench_events)

BOOST_AUTO_TEST_CASE(a_question_has_the_size_that_is_promised)
{
    BOOST_TEST(question_text().size() == event_bytes);
    BOOST_TEST(event_text(user_speech_started{}, event_bytes).size() == event_bytes);
    BOOST_CHECK_THROW(event_text(user_speak{std::string(300, 'x'), false}, event_bytes),
                      std::logic_error);
}

// The bare loop tells by the size what needs no answer.
BOOST_AUTO_TEST_CASE(what_needs_no_answer_has_a_size_of_its_own)
{
    const std::set<std::size_t> sizes{question_text().size(), short_question_text().size(),
                                      session_start_text().size(), session_end_text().size()};
    BOOST_TEST(sizes.size() == 4U);
}

BOOST_AUTO_TEST_CASE(every_event_is_one_for_the_library)
{
    event_decoder decoder;
    for (const auto& text : {question_text(), short_question_text(), session_start_text(),
                             session_end_text(), event_text(assistant_speak{}, event_bytes)}) {
        const auto decoded = decoder.decode(text);
        BOOST_REQUIRE(decoded.events.size() == 1U);
        BOOST_TEST(decoded.events[0].session.id == session_id_of(0));
        BOOST_TEST(decoded.events[0].session.id.size() == session_id_size);
    }
}

BOOST_AUTO_TEST_CASE(the_number_of_a_call_is_put_in_masked_or_not)
{
    for (const bool masked : {false, true}) {
        const numbered_frame f(question_text(), masked);
        BOOST_TEST(text_with(f, 0) == question_text());
        BOOST_TEST(text_with(f, 4711).find(session_id_of(4711)) != std::string::npos);
        BOOST_TEST(text_with(f, 4711).find(session_id_of(0)) == std::string::npos);
    }
}

// So that no two SMS go to the same number.
BOOST_AUTO_TEST_CASE(each_call_has_its_own_caller)
{
    const auto text = text_with(numbered_frame(session_start_text(), true), 12);
    event_decoder decoder;
    const auto decoded = decoder.decode(text);
    BOOST_REQUIRE(decoded.events.size() == 1U);
    const auto& session = decoded.events[0].session;
    BOOST_TEST(session.from_phone_number == "491100000000012");
    BOOST_REQUIRE(session.human());
}

BOOST_AUTO_TEST_CASE(the_constant_answer_is_what_the_library_would_send)
{
    std::string sent;
    speak s;
    s.text = answer_text;
    encode(sent, session_id_of(7), action(s));
    BOOST_TEST(sent == answer_for(session_id_of(7)));
}

BOOST_AUTO_TEST_SUITE_END()
