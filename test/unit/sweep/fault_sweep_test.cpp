// Every scenario, once for each step of its I/O with each fault that the step can have.
#include "sweep_invariants.hpp"
#include "sweep_play.hpp"

#include "simulator/scenario_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace aiflow;
using namespace aiflow::test;

namespace {

constexpr std::size_t shown = 30;  // broken plays, in words

struct sweep {
    sweep_role role;
    bool at_once;
    std::size_t plays = 0;
    std::size_t broken = 0;
    std::set<std::string> said = {};

    void play_all(const std::string& file);
    void sweep_steps(const simulator::scenario& s, step_kind k, std::size_t steps);
    void judge(const sweep_log& log, const std::string& what);
};

simulator::scenario scenario_of(const std::string& file)
{
    auto s = simulator::read_scenario_file(file);
    if (s.has_error())
        BOOST_FAIL(to_string(s.error().front()));
    return std::move(*s);
}

void sweep::judge(const sweep_log& log, const std::string& what)
{
    ++plays;
    const auto wrong = sweep_invariants(log).broken();
    if (wrong.empty())
        return;
    ++broken;
    for (const auto& text : wrong)
        if (broken <= shown || said.insert(text).second)
            BOOST_ERROR(what << ": " << text);
}

void sweep::sweep_steps(const simulator::scenario& s, step_kind k, std::size_t steps)
{
    for (auto f : faults_at(k)) {
        for (f.nth = 1; f.nth <= steps; ++f.nth) {
            sweep_play play({s, role, at_once, f});
            judge(play.run(), s.name + ", " + std::string(to_string(role)) +
                                  (at_once ? ", at once, " : ", ") + to_string(f));
        }
    }
}

void sweep::play_all(const std::string& file)
{
    const auto s = scenario_of(file);
    sweep_play calm({s, role, at_once, {}});
    const auto log = calm.run();
    judge(log, s.name + ", without a fault");
    for (const auto& text : calm.failures())
        BOOST_ERROR(s.name << ", without a fault: " << text);
    for (const auto k :
         {step_kind::dial, step_kind::read, step_kind::write, step_kind::ping, step_kind::pong,
          step_kind::close, step_kind::put, step_kind::load, step_kind::any})
        sweep_steps(s, k, calm.steps(k));
}

std::string shared(const std::string& name)
{
    return AIFLOW_SCENARIOS "/" + name + ".toml";
}

std::string own(const std::string& name)
{
    return AIFLOW_SWEEP_SCENARIOS "/" + name + ".toml";
}

void sweep_both_ways(sweep_role role, const std::vector<std::string>& files)
{
    std::size_t plays = 0;
    for (const bool at_once : {true, false}) {
        sweep all{role, at_once};
        for (const auto& file : files)
            all.play_all(file);
        plays += all.plays;
        BOOST_TEST(all.broken == 0U);
    }
    BOOST_TEST_MESSAGE("fault sweep, " << to_string(role) << ": " << plays << " plays");
    BOOST_TEST(plays > 500U);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_sweep)

BOOST_AUTO_TEST_CASE(a_client)
{
    sweep_both_ways(sweep_role::client,
                    {shared("first-call"), shared("cut-and-return"), shared("ask-again"),
                     shared("barge-in"), shared("transfer-fails"), own("crowd"), own("silence")});
}

BOOST_AUTO_TEST_CASE(a_listener)
{
    sweep_both_ways(sweep_role::listener,
                    {shared("first-call"), shared("cut-and-return"), shared("sender-not-allowed"),
                     own("crowd"), own("silence")});
}

BOOST_AUTO_TEST_CASE(a_listener_with_http)
{
    sweep_both_ways(sweep_role::http,
                    {shared("ask-again"), shared("barge-in"), shared("sender-not-allowed"),
                     shared("transfer-fails"), shared("dtmf-menu")});
}

BOOST_AUTO_TEST_SUITE_END()
