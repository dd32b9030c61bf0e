#include "bench/answer.hpp"
#include "bench/event_texts.hpp"
#include "bench/open_questions.hpp"
#include "bench/upgrade.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace aiflow::bench;
using namespace std::chrono_literals;

namespace {

const steady::time_point start{1h};

}  // namespace

BOOST_AUTO_TEST_SUITE(bench_questions)

BOOST_AUTO_TEST_CASE(an_answer_says_which_call_it_is_for)
{
    answer_reader reader(true);
    BOOST_TEST(reader.call_of(answer_for(session_id_of(12))).value() == 12U);
    // Another order of members is as good, also after a first one.
    const auto turned =
        R"({"text":"x","session_id":")" + session_id_of(13) + R"(","type":"speak"})";
    BOOST_TEST(reader.call_of(turned).value() == 13U);
    BOOST_TEST(reader.call_of(answer_for(session_id_of(14))).value() == 14U);
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_call_or_of_another_type_is_refused)
{
    answer_reader reader(true);
    BOOST_CHECK_THROW(reader.call_of(R"({"type":"speak","text":"x"})"), std::runtime_error);
    BOOST_CHECK_THROW(reader.call_of(R"({"type":"speak","session_id":"other"})"),
                      std::runtime_error);
    BOOST_CHECK_THROW(reader.call_of(answer_for(std::string(session_id_size, '0'))),
                      std::runtime_error);
    BOOST_CHECK_THROW(reader.call_of(R"({"type":"hangup"})"), std::runtime_error);
    BOOST_CHECK_THROW(reader.call_of(answer_for(session_id_of(1)), "send_sms"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_constant_answer_has_the_right_size)
{
    answer_reader reader(false);
    const auto constant = answer_for(std::string(session_id_size, '0'));
    BOOST_TEST(!reader.call_of(constant));
    BOOST_CHECK_THROW(reader.call_of(constant + " "), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(every_question_has_exactly_one_answer)
{
    open_questions q;
    q.asked(1, start);
    q.asked(2, start + 1s);
    BOOST_TEST((q.answered(2, start + 2s).asked == start + 1s));
    BOOST_CHECK_THROW(q.answered(2, start + 2s), std::runtime_error);
    BOOST_CHECK_THROW(q.answered(3, start + 2s), std::runtime_error);
    BOOST_TEST(q.answered(std::nullopt, start + 2s).call == 1U);
    BOOST_TEST(q.empty());
    BOOST_CHECK_THROW(q.answered(std::nullopt, start + 2s), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_question_that_is_still_to_be_written_has_no_answer)
{
    open_questions q;
    q.asked(1, start);
    BOOST_CHECK_THROW(q.answered(1, start), std::runtime_error);
    BOOST_CHECK_THROW(q.answered(std::nullopt, start), std::runtime_error);
    BOOST_TEST(q.answered(1, start + 1ns).call == 1U);
}

BOOST_AUTO_TEST_CASE(answers_that_name_no_call_are_for_the_oldest_question)
{
    open_questions q;
    for (std::uint64_t call : {5U, 6U, 7U})
        q.asked(call, start);
    for (std::uint64_t call : {5U, 6U, 7U})
        BOOST_TEST(q.answered(std::nullopt, start + 1s).call == call);
}

BOOST_AUTO_TEST_CASE(both_ends_of_an_upgrade_agree)
{
    const auto answer = answer_upgrade(upgrade_request());
    BOOST_TEST(wrong_answer(answer) == "");
    BOOST_TEST(answer.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);  // RFC 6455 1.3
    BOOST_TEST(wrong_answer("HTTP/1.1 503 No\r\n\r\n") ==
               "the application refused: HTTP/1.1 503 No");
    BOOST_TEST(wrong_answer("HTTP/1.1 101 x\r\nSec-WebSocket-Accept: AAAA\r\n\r\n") != "");
    BOOST_CHECK_THROW(answer_upgrade("GET / HTTP/1.1\r\n\r\n"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
