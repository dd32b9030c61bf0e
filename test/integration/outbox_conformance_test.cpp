// What every outbox keeps, whether it is in memory or on disk.
#include "aiflow/memory_outbox.hpp"
#include "outbox_rig.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <ostream>

using namespace aiflow;
using namespace aiflow::test;
using namespace std::chrono_literals;

namespace {

struct kind {
    const char* name;
    std::function<std::unique_ptr<outbox>(const std::string& directory, manual_clock& time,
                                          std::size_t max_open)>
        make;
};

std::ostream& operator<<(std::ostream& out, const kind& k)
{
    return out << k.name;
}

const kind kinds[] = {
    {"memory",
     [](const std::string&, manual_clock&, std::size_t max_open) -> std::unique_ptr<outbox> {
         return std::make_unique<memory_outbox>(max_open, 24h);
     }},
    {"sqlite",
     [](const std::string& directory, manual_clock& time,
        std::size_t max_open) -> std::unique_ptr<outbox> {
         sqlite_outbox_options o;
         o.directory = directory;
         o.time = &time;
         o.max_open = max_open;
         return std::make_unique<sqlite_outbox>(o);
     }}};

struct bench {
    explicit bench(const kind& k, std::size_t max_open = 1000)
        : store(k.make(place.path(), time, max_open))
    {
    }

    error_code put(const sms_record& r,
                   outbox::durability when = outbox::durability::before_completion)
    {
        return run(store->put(r, when));
    }
    std::vector<sms_record> all(std::chrono::seconds keep = 24h)
    {
        return run(store->load(keep)).value();
    }

    temporary_directory place;
    manual_clock time;
    std::unique_ptr<outbox> store;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(every_outbox)

BOOST_DATA_TEST_CASE(gives_back_what_it_was_given, kinds)
{
    bench b(sample);
    auto r = record(2, sms_state::waiting_retry, b.time);
    r.options.client_ref = "order 'x' \xc3\xbc";
    r.options.retry = false;
    r.options.duplicate_ok = true;
    r.options.max_age = 77s;
    r.due = b.time.wall_now() + 8s;
    r.attempts = {{1, b.time.wall_now(), true, true, "smsc_unavailable"},
                  {2, b.time.wall_now(), true, false, ""}};
    r.outcome = outcome_of(r);
    BOOST_TEST(!b.put(r));
    BOOST_TEST(!b.put(record(1, sms_state::accepted, b.time)));
    const auto all = b.all();
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST(all[0].id.value == 1U);
    check_equal(all[1], r);
}

BOOST_DATA_TEST_CASE(replaces_what_it_was_given, kinds)
{
    bench b(sample);
    auto r = record(1, sms_state::sending, b.time);
    r.attempts = {{1, b.time.wall_now(), false, false, ""}};
    BOOST_TEST(!b.put(r));
    r.state = sms_state::accepted;  // the attempt was taken back
    r.attempts.clear();
    BOOST_TEST(!b.put(r));
    const auto all = b.all();
    BOOST_REQUIRE(all.size() == 1U);
    check_equal(all[0], r);
}

BOOST_DATA_TEST_CASE(a_final_record_loses_number_and_text, kinds)
{
    bench b(sample);
    auto r = record(1, sms_state::accepted, b.time);
    BOOST_TEST(!b.put(r));
    settle_as(r, sms_state::failed, b.time);
    BOOST_TEST(!b.put(r));
    const auto all = b.all();
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all[0].recipient.empty());
    BOOST_TEST(all[0].text.empty());
    BOOST_TEST(all[0].fingerprint == r.fingerprint);
    BOOST_TEST((all[0].outcome == r.outcome));
}

BOOST_DATA_TEST_CASE(is_full_when_too_much_is_open, kinds)
{
    bench b(sample, 2);
    BOOST_TEST(!b.put(record(1, sms_state::accepted, b.time)));
    BOOST_TEST(!b.put(record(2, sms_state::accepted, b.time)));
    BOOST_TEST(b.put(record(3, sms_state::accepted, b.time)) == make_error_code(errc::outbox_full));
    BOOST_TEST(!b.put(record(2, sms_state::sending, b.time)));
    auto r = record(1, sms_state::accepted, b.time);
    settle_as(r, sms_state::failed, b.time);
    BOOST_TEST(!b.put(r));
    BOOST_TEST(!b.put(record(3, sms_state::accepted, b.time)));
    BOOST_TEST(b.all().size() == 3U);
}

BOOST_DATA_TEST_CASE(leaves_out_what_was_settled_long_ago, kinds)
{
    bench b(sample);
    auto old = record(1, sms_state::accepted, b.time);
    settle_as(old, sms_state::assumed_sent, b.time);
    BOOST_TEST(!b.put(old));
    b.time.advance(23h);
    BOOST_TEST(!b.put(record(2, sms_state::accepted, b.time)));
    auto fresh = record(3, sms_state::accepted, b.time);
    settle_as(fresh, sms_state::unobserved, b.time);
    BOOST_TEST(!b.put(fresh));
    BOOST_TEST(b.all().size() == 3U);
    BOOST_TEST(b.all(1h).size() == 2U);
    b.time.advance(2h);
    auto newest = record(4, sms_state::accepted, b.time);
    settle_as(newest, sms_state::failed, b.time);
    BOOST_TEST(!b.put(newest));
    BOOST_TEST(b.all(48h).size() == 3U);
}

BOOST_DATA_TEST_CASE(a_late_failure_opens_a_record_again, kinds)
{
    bench b(sample, 1);
    auto r = record(1, sms_state::accepted, b.time);
    settle_as(r, sms_state::assumed_sent, b.time);
    BOOST_TEST(!b.put(r));
    r.state = sms_state::waiting_retry;
    BOOST_TEST(!b.put(r));
    BOOST_TEST(b.put(record(2, sms_state::accepted, b.time)) == make_error_code(errc::outbox_full));
}

BOOST_DATA_TEST_CASE(what_need_not_be_durable_at_once_is_there_all_the_same, kinds)
{
    bench b(sample);
    auto r = record(1, sms_state::accepted, b.time);
    BOOST_TEST(!b.put(r));
    settle_as(r, sms_state::failed, b.time);
    BOOST_TEST(!b.put(r, outbox::durability::soon));
    BOOST_TEST(!b.put(record(2, sms_state::accepted, b.time)));
    const auto all = b.all();
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST((all[0].state == sms_state::failed));
}

BOOST_AUTO_TEST_SUITE_END()
