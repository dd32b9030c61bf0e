// In which order, and when, records get to the outbox.
#include "sender_rig.hpp"
#include "sms/sms_outbox_writer.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <utility>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;

namespace {

struct writer_rig {
    void write(std::uint64_t id, sms_state state)
    {
        sms_record r;
        r.id = sms_id{id};
        r.state = state;
        writer->write(r, outbox::durability::before_completion, ++steps);
    }

    asio::io_context io;
    manual_clock time;
    slow_outbox disk{time};
    unsigned steps = 0;
    std::vector<unsigned> done;
    std::vector<error_code> errors;
    std::shared_ptr<sms_outbox_writer> writer = std::make_shared<sms_outbox_writer>(
        io.get_executor(), disk, [this](sms_id, unsigned step, error_code ec) {
            done.push_back(step);
            errors.push_back(ec);
        });
};

}  // namespace

BOOST_AUTO_TEST_SUITE(outbox_writer)

BOOST_AUTO_TEST_CASE(what_needs_no_waiting_is_done_at_once)
{
    writer_rig r;
    r.disk.at_once = true;
    r.write(1, sms_state::accepted);
    BOOST_TEST((r.done == std::vector{1u}));
    BOOST_TEST(!r.errors.at(0));
    BOOST_TEST((r.disk.done == std::vector{sms_state::accepted}));
    BOOST_TEST(!r.writer->busy());
}

BOOST_AUTO_TEST_CASE(it_does_not_overtake_what_waits_of_the_same_message)
{
    writer_rig r;
    r.disk.delay = 1s;
    r.write(1, sms_state::accepted);
    r.disk.at_once = true;
    r.write(1, sms_state::sending);
    r.write(2, sms_state::waiting_retry);
    settle(r.io);
    BOOST_TEST((r.done == std::vector{3u}));
    BOOST_TEST(r.writer->busy());
    run_for(r.io, r.time, 3s);
    BOOST_TEST((r.done == std::vector{3u, 1u, 2u}));
    BOOST_TEST((r.disk.done ==
                std::vector{sms_state::waiting_retry, sms_state::accepted, sms_state::sending}));
    BOOST_TEST(!r.writer->busy());
}

BOOST_AUTO_TEST_CASE(an_outbox_that_throws_at_once_has_failed)
{
    writer_rig r;
    r.disk.at_once = true;
    r.disk.throws = true;
    r.write(1, sms_state::accepted);
    BOOST_TEST((r.errors.at(0) == errc::storage_failed));
}

BOOST_AUTO_TEST_CASE(nobody_is_told_when_the_caller_is_forgotten)
{
    writer_rig r;
    r.disk.at_once = true;
    r.writer->forget_caller();
    r.write(1, sms_state::accepted);
    BOOST_TEST(r.done.empty());
    BOOST_TEST(r.disk.done.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
