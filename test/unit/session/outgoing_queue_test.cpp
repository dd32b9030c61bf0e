#include "session/outgoing_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

using namespace aiflow;

namespace {

void add_text(outgoing_queue& q, std::string_view session, std::string text)
{
    speak s;
    s.text = std::move(text);
    const std::array<action, 1> one{action(std::move(s))};
    q.add(session, one, false);
}

sms_attempt_key add_sms(outgoing_queue& q, std::string_view session, std::uint64_t id)
{
    const sms_attempt_key key{sms_id{id}, 1};
    q.add(session, key, send_sms{*phone_number::parse("+15551234567"), "4242"});
    return key;
}

std::vector<std::string> texts(outgoing_queue& q)
{
    std::vector<std::string> all;
    for (const auto& m : q.batch(std::nullopt))
        all.emplace_back(m.data);
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(outgoing_queue_suite)

BOOST_AUTO_TEST_CASE(what_waits_for_one_session_is_dropped_and_all_else_stays_as_it_was)
{
    outgoing_queue q;
    outgoing_queue without;
    for (auto* each : {&q, &without}) {
        add_text(*each, "b", "first");
        add_sms(*each, "b", 2);
    }
    add_text(q, "a", "gone");
    const auto key = add_sms(q, "a", 1);
    const std::array<action, 2> two{action(hangup{}), action(hangup{})};
    q.add("a", two, true);
    q.add("a", two, false);
    for (auto* each : {&q, &without})
        add_text(*each, "c", R"("session_id":"a")");

    BOOST_TEST((q.drop("a") == std::vector{key}));
    BOOST_TEST(texts(q) == texts(without), boost::test_tools::per_element());
    BOOST_TEST(q.bytes() == without.bytes());
    BOOST_TEST(q.messages()[1].sms.has_value());
    BOOST_TEST(q.holds_sms());
}

BOOST_AUTO_TEST_CASE(what_is_left_without_an_sms_holds_none)
{
    outgoing_queue q;
    add_sms(q, "a", 1);
    add_text(q, "b", "stays");
    BOOST_TEST(q.drop("a").size() == 1u);
    BOOST_TEST(!q.holds_sms());
    BOOST_TEST(q.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_session_for_which_nothing_waits_takes_nothing_along)
{
    outgoing_queue q;
    add_text(q, "a", "stays");
    add_sms(q, "b", 1);
    const auto before = texts(q);
    BOOST_TEST(q.drop("c").empty());
    BOOST_TEST(q.drop("").empty());
    BOOST_TEST(texts(q) == before, boost::test_tools::per_element());
    BOOST_TEST(q.holds_sms());
}

BOOST_AUTO_TEST_CASE(sessions_with_the_same_tail_are_told_apart)
{
    outgoing_queue q;
    add_text(q, "first-0123456789", "gone");
    add_text(q, "other-0123456789", "stays");
    add_text(q, "0123456789", "stays");
    q.drop("first-0123456789");
    BOOST_TEST(q.size() == 2u);
    q.drop("23456789");
    BOOST_TEST(q.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_added_behind_a_drop_is_found_again)
{
    outgoing_queue q;
    add_text(q, "a", "gone");
    add_text(q, "b", "stays");
    q.drop("a");
    add_text(q, "a", "new");
    BOOST_TEST(q.size() == 2u);
    q.drop("b");
    BOOST_TEST(texts(q).at(0).find("new") != std::string::npos);
    q.drop("a");
    BOOST_TEST(q.empty());
    BOOST_TEST(q.bytes() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
