#include "session/event_queue.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>

using namespace aiflow;

namespace {

event_queue::queued said(std::string text)
{
    user_speak e;
    e.text = std::move(text);
    return {event(std::move(e)), 1, {}};
}

std::string text_of(const session_event& e)
{
    return std::get<user_speak>(std::get<event>(e)).text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(event_queue_)

BOOST_AUTO_TEST_CASE(gives_events_back_in_their_order)
{
    event_queue q;
    q.push(said("one"));
    q.push(said("two"));
    BOOST_TEST(q.size() == 2U);
    BOOST_TEST(text_of(q.front().event) == "one");
    BOOST_TEST(text_of(q.pop()) == "one");
    q.push(said("three"));
    BOOST_TEST(text_of(q.pop()) == "two");
    BOOST_TEST(text_of(q.pop()) == "three");
    BOOST_TEST(q.size() == 0U);
}

BOOST_AUTO_TEST_CASE(does_not_grow_when_it_never_becomes_empty)
{
    event_queue q;
    int pushed = 0;
    int popped = 0;
    for (; pushed < 3; ++pushed)
        q.push(said(std::to_string(pushed)));
    std::size_t most = 0;
    for (int i = 0; i < 10'000; ++i) {
        BOOST_REQUIRE(text_of(q.pop()) == std::to_string(popped++));
        q.push(said(std::to_string(pushed++)));
        most = std::max(most, q.bytes());
    }
    BOOST_TEST(q.size() == 3U);
    BOOST_TEST(most <= 16 * sizeof(event_queue::queued));
}

BOOST_AUTO_TEST_CASE(forgets_everything)
{
    event_queue q;
    for (int i = 0; i < 3; ++i)
        q.push(said("gone"));
    q.pop();
    q.clear();
    BOOST_TEST(q.size() == 0U);
    q.push(said("new"));
    BOOST_TEST(text_of(q.front().event) == "new");
}

BOOST_AUTO_TEST_SUITE_END()
