// Deadlines come in the order of their times, and of their setting where those are equal, however
// they were changed before.
#include "sms/sms_deadlines.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <iterator>
#include <random>
#include <vector>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

struct timed : sms_timed {
    timed() : sms_timed(true) {}
};

// The same in the plainest way.
class plain_deadlines {
public:
    void set(const sms_timed* t, clock::time_point when)
    {
        const auto known = find(t);
        if (known != all_.end() && known->when == when)
            return;
        clear(t);
        const auto later = std::find_if(all_.begin(), all_.end(),
                                        [when](const entry& e) { return e.when > when; });
        all_.insert(later, {when, t});
    }

    void clear(const sms_timed* t)
    {
        if (const auto known = find(t); known != all_.end())
            all_.erase(known);
    }

    const sms_timed* take_due(clock::time_point now)
    {
        if (all_.empty() || all_.front().when > now)
            return nullptr;
        const auto* const due = all_.front().who;
        all_.erase(all_.begin());
        return due;
    }

    std::size_t size() const { return all_.size(); }

private:
    struct entry {
        clock::time_point when;
        const sms_timed* who;
    };

    std::vector<entry>::iterator find(const sms_timed* t)
    {
        return std::find_if(all_.begin(), all_.end(), [t](const entry& e) { return e.who == t; });
    }

    std::vector<entry> all_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(deadlines)

BOOST_AUTO_TEST_CASE(whatever_is_done_they_come_in_order)
{
    // What messages and sessions wait for, and some that are nobody's.
    const std::vector<clock::duration> waits{0s, 1s, 15s, 15s, 15s, 30s, 10min, 10min, -2s, 7s};
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::mt19937 random(seed);
        std::deque<timed> who(40);
        sms_deadlines all;
        plain_deadlines plain;
        clock::time_point now{1h};
        for (int step = 0; step < 2'000; ++step) {
            auto& t = who[random() % who.size()];
            switch (random() % 4) {
            case 0:
            case 1: {
                const auto when = now + waits[random() % waits.size()];
                all.set(t, when);
                plain.set(&t, when);
                break;
            }
            case 2:
                all.clear(t);
                plain.clear(&t);
                break;
            default:
                now += std::chrono::milliseconds(random() % 3 * 700);
                for (const auto* due = plain.take_due(now); due; due = plain.take_due(now))
                    BOOST_REQUIRE(all.take_due(now) == due);
                BOOST_REQUIRE(!all.take_due(now));
                break;
            }
            BOOST_REQUIRE(all.size() == plain.size());
        }
        now += 24h;
        while (const auto* due = plain.take_due(now))
            BOOST_REQUIRE(all.take_due(now) == due);
        BOOST_TEST(all.size() == 0u);
        BOOST_TEST(!all.next());
    }
}

BOOST_AUTO_TEST_SUITE_END()
