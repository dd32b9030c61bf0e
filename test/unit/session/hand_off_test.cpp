// A pong proves what was written before its ping, and nothing else.
#include "session/hand_off.hpp"

#include <boost/test/unit_test.hpp>

using namespace aiflow;

namespace {

sms_attempt_key key(std::uint64_t id)
{
    return {sms_id{id}, 1};
}

std::vector<std::uint64_t> ids(const std::vector<sms_attempt_key>& keys)
{
    std::vector<std::uint64_t> values;
    values.reserve(keys.size());
    for (const auto& k : keys)
        values.push_back(k.id.value);
    return values;
}

using numbers = std::vector<std::uint64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(proof_of_hand_off)

BOOST_AUTO_TEST_CASE(each_pong_proves_its_own_batch)
{
    hand_off h;
    const std::string first(h.ping({key(1), key(2)}));
    const std::string second(h.ping({key(3)}));
    BOOST_TEST(ids(h.pong(first)) == (numbers{1, 2}));
    BOOST_TEST(ids(h.pong(second)) == (numbers{3}));
    BOOST_TEST(h.outstanding() == 0u);
}

BOOST_AUTO_TEST_CASE(a_later_pong_proves_earlier_batches_too)
{
    hand_off h;
    (void)h.ping({key(1)});
    const std::string second(h.ping({key(2)}));
    BOOST_TEST(ids(h.pong(second)) == (numbers{1, 2}));
}

BOOST_AUTO_TEST_CASE(the_same_pong_proves_nothing_twice)
{
    hand_off h;
    const std::string first(h.ping({key(1)}));
    (void)h.pong(first);
    BOOST_TEST(h.pong(first).empty());
}

BOOST_AUTO_TEST_CASE(what_was_never_pinged_proves_nothing)
{
    hand_off h;
    (void)h.ping({key(1)});
    for (const char* payload : {"", "0", "2", "99999999999999999999", "-1", "1x", "x", " 1"})
        BOOST_TEST(h.pong(payload).empty());
    BOOST_TEST(h.outstanding() == 1u);
}

BOOST_AUTO_TEST_CASE(pings_that_only_ask_for_life_are_not_remembered)
{
    hand_off h;
    for (int i = 0; i < 1000; ++i)
        (void)h.ping({});
    BOOST_TEST(h.outstanding() == 0u);
}

BOOST_AUTO_TEST_CASE(a_peer_that_never_pongs_costs_no_more_than_so_much)
{
    hand_off h;
    std::string latest;
    for (std::uint64_t i = 0; i <= hand_off::most_outstanding; ++i)
        latest = h.ping({key(i)});
    BOOST_TEST(h.outstanding() == hand_off::most_outstanding);
    const auto proven = h.pong(latest);
    BOOST_TEST(proven.size() == hand_off::most_outstanding);
    BOOST_TEST(proven.front().id.value == 1u);  // the oldest, 0, has been forgotten
}

BOOST_AUTO_TEST_SUITE_END()
