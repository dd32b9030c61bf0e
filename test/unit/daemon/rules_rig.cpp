#include "rules_rig.hpp"

#include "aiflow/codec.hpp"
#include "simulator/scenario_reader.hpp"
#include "simulator/stream_pair.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

namespace aiflow::test {

namespace {

asio::awaitable<void> run_simulator(simulator::flow_simulator* sim, bool* over)
{
    co_await sim->run();
    *over = true;
}

template <class Read>
rule_file checked_rules(Read read)
{
    auto rules = read();
    if (rules.has_error()) {
        for (const file_problem& p : rules.error())
            BOOST_TEST_MESSAGE(to_string(p));
        BOOST_FAIL("the rules are wrong");
    }
    return std::move(*rules);
}

std::vector<action> actions_of(const simulator::frame_record& frame)
{
    std::vector<action> found;
    if (auto decoded = decode_actions(frame.text)) {
        for (auto& each : *decoded)
            found.push_back(std::move(each.action));
    }
    return found;
}

}  // namespace

rule_file rules_of(std::string_view toml)
{
    return checked_rules([&] { return read_rules(toml, "test.toml"); });
}

rule_file sample(const std::string& name)
{
    return checked_rules([&] { return load_rules(AIFLOW_RULES_DIR "/" + name); });
}

scratch_directory::scratch_directory()
    : path((std::filesystem::temp_directory_path() / "aiflow-rules-XXXXXX").string())
{
    BOOST_TEST_REQUIRE(::mkdtemp(path.data()) != nullptr);
}

scratch_directory::~scratch_directory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

std::string scratch_directory::write(const std::string& name, std::string_view content) const
{
    std::ofstream(file(name), std::ios::binary) << content;
    return file(name);
}

rules_rig::rules_rig(rule_file rules)
{
    env.time = &time;
    env.log = logger(
        [this](const log_record& r) {
            std::string line(r.id);
            for (const log_field& f : r.fields)
                line += " " + std::string(f.name) + "=" + f.value;
            log.push_back(std::move(line));
        },
        log_level::debug);
    bot = std::make_unique<rules_bot>(env, std::move(rules.rules), "test.toml");
    client_options options;
    options.url = "ws://127.0.0.1:1/";
    options.time = &time;
    options.seed = 7;
    options.log = env.log;
    loop = std::make_shared<client_loop>(io.get_executor(), std::move(options),
                                         [this] { return connect(); });
    loop->home().serve([this](session call) { return bot->take(std::move(call)); });
}

rules_rig::~rules_rig()
{
    loop->abort();
    run(std::chrono::minutes{5});
}

asio::awaitable<dial_result> rules_rig::connect()
{
    simulator::stream_pair pair(io.get_executor(), time);
    simulator::wire_faults faults;
    asio::co_spawn(io, sim->serve(std::move(pair.far), std::move(faults)), asio::detached);
    co_return std::move(pair.near);
}

void rules_rig::begin(std::string_view scenario)
{
    auto read = simulator::read_scenario(scenario, "scenario.toml");
    if (read.has_error())
        BOOST_FAIL(to_string(read.error().front()));
    simulator::simulator_options options;
    sim.emplace(time, std::move(*read), std::move(options));
    asio::co_spawn(io, run_simulator(&*sim, &over), asio::detached);
    asio::co_spawn(io, loop->run(), asio::detached);
    settle(io);
}

void rules_rig::finish()
{
    BOOST_TEST(run_until(io, time, std::chrono::minutes{15}, [this] { return over; }));
    for (const simulator::check_record& c : sim->record().checks)
        BOOST_TEST(c.held, "line " << c.line << ": " << c.text);
    BOOST_TEST(sim->record().late_actions == 0u);
    BOOST_TEST(logged("session.handler_failed").empty());
    BOOST_TEST(logged("bot.refused").empty());
}

void rules_rig::play(std::string_view scenario)
{
    begin(scenario);
    finish();
}

std::vector<std::string> rules_rig::actions() const
{
    std::vector<std::string> found;
    for (const simulator::frame_record& f : sim->record().frames) {
        if (f.to_bot)
            continue;
        for (const action& a : actions_of(f)) {
            const auto* said = std::get_if<speak>(&a);
            found.push_back(std::string(type_name(a)) +
                            (said != nullptr ? ": " + said->text + said->ssml : ""));
        }
    }
    return found;
}

clock::duration rules_rig::when(std::string_view type) const
{
    const auto& frames = sim->record().frames;
    clock::duration last{0};
    for (const simulator::frame_record& f : frames) {
        if (f.to_bot)
            continue;
        for (const action& a : actions_of(f)) {
            if (type_name(a) == type)
                last = f.at - frames.front().at;
        }
    }
    return last;
}

std::vector<std::string> rules_rig::logged(std::string_view id) const
{
    std::vector<std::string> found;
    for (const std::string& line : log) {
        if (line.starts_with(id))
            found.push_back(line);
    }
    return found;
}

}  // namespace aiflow::test
