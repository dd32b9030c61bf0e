#include "bench/answer.hpp"
#include "bench/calls_run.hpp"
#include "bench/peer.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace aiflow::bench;

BOOST_AUTO_TEST_SUITE(bench_calls)

BOOST_AUTO_TEST_CASE(a_call_that_the_application_closes_early_is_not_counted)
{
    calls_run run(1, 0, {}, true, {});
    peer p(descriptor(), nullptr, true);
    run.opened(p);
    // As the driver does, which answers a close frame.
    p.close_received = p.close_sent = true;
    BOOST_CHECK_THROW(run.ended(p), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_call_is_over_when_all_of_it_was_answered_and_the_application_has_closed)
{
    calls_run run(1, 0, {}, true, {});
    peer p(descriptor(), nullptr, true);
    run.opened(p);
    const auto answer = answer_for(session_id_of(p.call));
    const auto now = steady::now();
    for (unsigned i = 0; i <= calls_run::turns; ++i) {
        BOOST_TEST(!p.close_sent);
        run.received(p, answer, now);
    }
    BOOST_TEST(p.close_sent);
    BOOST_CHECK_THROW(run.received(p, answer, now), std::runtime_error);
    BOOST_CHECK_THROW(run.ended(p), std::runtime_error);  // TCP was closed, and nothing else
}

BOOST_AUTO_TEST_SUITE_END()
