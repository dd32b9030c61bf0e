#pragma once

#include "daemon/rule_reader.hpp"
#include "daemon/rules_bot.hpp"
#include "manual_clock.hpp"
#include "session/client_loop.hpp"
#include "simulator/flow_simulator.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiflow::test {

/// The rules, or a failed test that says what is wrong with them.
rule_file rules_of(std::string_view toml);

/// The rules of a file in docs/rules.
rule_file sample(const std::string& name);

/// A directory for files, for as long as a test runs.
struct scratch_directory {
    scratch_directory();
    ~scratch_directory();

    std::string write(const std::string& name, std::string_view content) const;
    std::string file(const std::string& name) const { return path + "/" + name; }

    std::string path;
};

/// Rules at one end of a connection and a played call at the other, under virtual time.
struct rules_rig {
    explicit rules_rig(rule_file rules);
    ~rules_rig();

    /// Plays the scenario to its end. What did not go as it expects fails the test.
    void play(std::string_view scenario);

    /// Begins to play it; the rest is the test's.
    void begin(std::string_view scenario);
    void run(clock::duration span) { run_for(io, time, span); }
    void finish();

    /// The types of the actions that the bot sent, in order; with the text of what is said.
    std::vector<std::string> actions() const;
    /// How the first call ended.
    simulator::call_outcome outcome() const { return sim->record().calls.at(0).outcome; }
    /// From the beginning of the play to the action of this type that came last; 0 if none came.
    clock::duration when(std::string_view type) const;
    /// The lines of the log that begin with this id.
    std::vector<std::string> logged(std::string_view id) const;

    manual_clock time;  // before the context, whose coroutines sleep on it to the end
    asio::io_context io;
    std::vector<std::string> log;
    bot_environment env;
    std::unique_ptr<rules_bot> bot;
    std::optional<simulator::flow_simulator> sim;
    std::shared_ptr<client_loop> loop;
    bool over = false;

private:
    asio::awaitable<dial_result> connect();
};

}  // namespace aiflow::test
