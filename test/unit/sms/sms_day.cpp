// Days of SMS with everything that can go wrong, in virtual time. Environment: SMS_DAY_SEEDS, how
// many small days (1000); SMS_DAY_SEED, the first of them (1), to see a failure again.
#include "sms_world.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <string>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise)
{
    const char* const value = std::getenv(name);
    return value ? std::stoull(value) : otherwise;
}

sms_rules busy_rules()
{
    sms_rules r;
    r.process_per_minute = 100'000;
    r.recipient_per_hour = 1000;
    return r;
}

void tell(const sms_ledger& books)
{
    std::string line = std::to_string(books.accepted()) + " accepted, " +
                       std::to_string(books.frames()) + " frames";
    for (const auto& [state, count] : books.outcomes)
        line += ", " + std::to_string(count) + " " + state;
    BOOST_TEST_MESSAGE(line);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_hundred_thousand_in_a_day)
{
    sms_day_options o;
    o.seed = 1;
    o.calls = 112'000;
    o.length = 24h;
    o.numbers = 80'000;
    o.failure = 0.08;
    o.crashes = 2;
    o.rules = busy_rules();
    sms_world world(o);
    const auto& books = world.run();
    tell(books);
    for (const auto& v : books.violations())
        BOOST_ERROR(v);
    BOOST_TEST(books.accepted() >= 100'000u);
}

BOOST_AUTO_TEST_CASE(many_small_days)
{
    const auto first = from_environment("SMS_DAY_SEED", 1);
    const auto count = from_environment("SMS_DAY_SEEDS", 1000);
    std::map<std::string, std::size_t> outcomes;
    for (auto seed = first; seed < first + count; ++seed) {
        sms_day_options o;
        o.seed = seed;
        o.calls = 60;
        o.length = std::chrono::minutes(10 + seed % 120);
        o.numbers = 10 + seed % 100;
        o.failure = 0.1 + 0.1 * static_cast<double>(seed % 9);
        o.connection_loss = 0.1 * static_cast<double>(seed % 8);
        o.storage_error = seed % 3 == 0 ? 0.05 : 0.0;
        o.crashes = seed % 4;
        o.rules.retry_with_next_event = seed % 7 == 0;
        if (seed % 2 == 0)
            o.rules.session_interval = 0ms;  // several to one number at once
        if (seed % 5 == 0)
            o.rules.session_frames = 4;
        sms_world world(o);
        const auto& books = world.run();
        for (const auto& v : books.violations())
            BOOST_ERROR("SMS_DAY_SEED=" + std::to_string(seed) + " SMS_DAY_SEEDS=1: " + v);
        BOOST_TEST(books.frames() > 0u);
        for (const auto& [state, n] : books.outcomes)
            outcomes[state] += n;
        if (!books.violations().empty())
            break;
    }
    std::string line;
    for (const auto& [state, n] : outcomes)
        line += std::to_string(n) + " " + state + ", ";
    BOOST_TEST_MESSAGE(line);
}
