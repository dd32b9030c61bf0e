#include "session/recent_ids.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <random>
#include <string>

using namespace aiflow;

BOOST_AUTO_TEST_SUITE(recent_ids_suite)

BOOST_AUTO_TEST_CASE(the_last_ones_are_known_and_no_others)
{
    recent_ids recent(50);
    std::deque<std::string> plain;
    std::mt19937 random(1);
    for (int step = 0; step < 5'000; ++step) {
        // Short ones lie in the string itself, long ones elsewhere.
        auto id = std::to_string(random() % 200);
        if (random() % 2 == 0)
            id += "-1f0c7a52-9b1e-4c3d-8a44-2f6f3f1f7f00";
        recent.add(id);
        if (std::find(plain.begin(), plain.end(), id) == plain.end())
            plain.push_back(id);
        if (plain.size() > 50)
            plain.pop_front();
        for (const auto& known : plain)
            BOOST_REQUIRE(recent.contains(known));
        id = std::to_string(random() % 200);
        BOOST_REQUIRE(recent.contains(id) ==
                      (std::find(plain.begin(), plain.end(), id) != plain.end()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
