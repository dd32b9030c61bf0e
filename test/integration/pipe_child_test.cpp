#include "daemon/pipe_child.hpp"
#include "open_descriptors.hpp"

#include "manual_clock.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <vector>

#include <sys/wait.h>

using namespace aiflow;
using aiflow::test::open_descriptors;
using namespace std::chrono_literals;

namespace {

/// A real child under virtual time. What it does takes its time, so a test waits for what is to
/// happen; delays and limits pass only when a test says so.
struct child_rig : pipe_reader {
    asio::io_context io;
    test::manual_clock time;
    std::vector<std::string> log;
    std::vector<std::string> lines;
    int times_gone = 0;
    logger to_log{[this](const log_record& r) {
        std::string line(r.id);
        line += " " + std::string(r.text);
        for (const auto& f : r.fields)
            line += " " + std::string(f.name) + "=" + f.value;
        log.push_back(std::move(line));
    }};
    asio::cancellation_signal cancel;
    std::unique_ptr<pipe_child> child;
    bool finished = false;

    ~child_rig() override
    {
        cancel.emit(asio::cancellation_type::all);
        BOOST_TEST(until([this] { return finished || !child; }));
        BOOST_TEST((::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD));  // no zombie
    }

    void line(std::string_view text) override { lines.emplace_back(text); }
    asio::awaitable<void> room() override { co_return; }
    void gone() override { ++times_gone; }

    static pipe_settings shell(const std::string& script)
    {
        pipe_settings s;
        s.command = {{"/bin/sh", "-c", script}, {}, {"PATH=/usr/bin:/bin"}};
        s.line_bytes = 1000;
        return s;
    }

    void run(pipe_settings s)
    {
        child =
            std::make_unique<pipe_child>(io.get_executor(), time, to_log, std::move(s), *this, 1);
        asio::co_spawn(
            io, child->run(),
            asio::bind_cancellation_slot(cancel.slot(), [this](const std::exception_ptr& thrown) {
                BOOST_TEST(!thrown);
                finished = true;
            }));
        test::settle(io);
    }
    void run(const std::string& script) { run(shell(script)); }

    bool until(const std::function<bool()>& done)
    {
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (!done()) {
            if (std::chrono::steady_clock::now() > limit)
                return false;
            io.restart();
            io.run_for(5ms);
        }
        return true;
    }

    std::ptrdiff_t count(std::string_view text) const
    {
        return std::count_if(log.begin(), log.end(), [text](const std::string& line) {
            return line.find(text) != std::string::npos;
        });
    }
    bool logged(std::string_view text) const { return count(text) > 0; }

    /// Until the child has ended this often.
    bool ended(std::ptrdiff_t times = 1)
    {
        return until([&] { return count("pipe.ended") == times; });
    }
    bool heard(std::size_t n)
    {
        return until([&] { return lines.size() >= n; });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pipe_child_suite)

BOOST_FIXTURE_TEST_CASE(lines_go_there_and_come_back_in_order, child_rig)
{
    run("exec cat");
    BOOST_TEST(child->running());
    BOOST_TEST(child->trouble() == "");
    for (int i = 0; i < 200; ++i)
        BOOST_TEST(child->lines().offer(std::to_string(i)));
    BOOST_TEST_REQUIRE(heard(200));
    for (std::size_t i = 0; i < 200; ++i)
        BOOST_TEST(lines[i] == std::to_string(i));
}

BOOST_FIXTURE_TEST_CASE(a_child_that_dies_at_once_is_started_at_growing_intervals, child_rig)
{
    run("exit 3");
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST(logged("how=exited with 3"));
    BOOST_TEST(!child->running());
    BOOST_TEST(child->trouble().starts_with("the child exited with 3; again in "));
    BOOST_TEST(!child->lines().offer("x"));
    BOOST_TEST(times_gone > 0);

    const auto begin = time.now();
    for (int i = 2; i <= 6; ++i) {
        BOOST_TEST_REQUIRE(until([&] { return time.sleepers() > 0; }));
        time.jump_to_next_sleeper();
        BOOST_TEST_REQUIRE(ended(i));
    }
    // 0.5 + 1 + 2 + 4 + 8 s, a fifth more or less
    BOOST_TEST((time.now() - begin > 12s && time.now() - begin < 19s));
    BOOST_TEST(child->failures() == 6U);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_kept_for_the_next_child, child_rig)
{
    run("read -r line; exit 0");
    BOOST_TEST(child->lines().offer("first"));
    for (int i = 0; i < 100; ++i)
        child->lines().offer("never read");
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST(child->lines().size() == 0U);
}

BOOST_FIXTURE_TEST_CASE(its_last_words_are_heard, child_rig)
{
    run("printf 'one\\ntwo\\nthree'; echo problem >&2; printf last >&2; exit 1");
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST_REQUIRE(until([&] { return times_gone > 0 && logged("pipe.stderr last"); }));
    const std::vector<std::string> expected{"one", "two", "three"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
    BOOST_TEST(logged("pipe.stderr problem"));
}

BOOST_FIXTURE_TEST_CASE(a_line_that_is_too_long_is_counted_and_the_next_one_read, child_rig)
{
    run("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo short");
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST_REQUIRE(heard(1));
    BOOST_TEST(lines[0] == "short");
    BOOST_TEST(child->lines_too_long() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_huge_burst_is_read_whole, child_rig)
{
    run("yes 0123456789 | head -n 200000");
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST(lines.size() == 200'000U);
}

BOOST_FIXTURE_TEST_CASE(a_flood_on_stderr_neither_stops_it_nor_fills_the_log, child_rig)
{
    run("yes 'call 4915112345678' | head -n 100000 >&2; echo done");
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST_REQUIRE(heard(1));
    BOOST_TEST(count("pipe.stderr") == 100);
    BOOST_TEST(logged("pipe.stderr call ***678"));
}

BOOST_FIXTURE_TEST_CASE(a_child_that_does_not_read_is_killed, child_rig)
{
    auto s = shell("exec sleep 1000");
    run(s);
    // More than a pipe holds.
    BOOST_TEST(child->lines().offer(std::string(200'000, 'x')));
    BOOST_TEST_REQUIRE(until([&] { return time.sleepers() == 1; }));
    time.advance(s.write_timeout - 1ms);
    test::settle(io);
    BOOST_TEST(child->running());
    time.advance(1ms);
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST(logged("how=was killed by SIGKILL since it did not read"));
    BOOST_TEST(child->failures() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_slow_reader_is_left_alone, child_rig)
{
    run("while IFS= read -r line; do echo ${#line}; done");
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(child->lines().offer(std::string(20'000, 'x')));
    BOOST_TEST_REQUIRE(heard(20));
    BOOST_TEST(child->failures() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_child_that_has_closed_its_stdout_is_of_no_use, child_rig)
{
    auto s = shell("trap '' TERM; exec >&-; while :; do sleep 1; done");
    run(s);
    BOOST_TEST_REQUIRE(until([&] { return !child->running(); }));
    BOOST_TEST(times_gone == 1);
    BOOST_TEST_REQUIRE(until([&] { return time.sleepers() == 1; }));
    time.advance(s.stop_timeout / 2);  // SIGTERM, which it ignores
    BOOST_TEST_REQUIRE(until([&] { return time.sleepers() == 1; }));
    time.advance(s.stop_timeout / 2);
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST(logged("how=was killed by SIGKILL after it had closed its stdout"));
}

BOOST_FIXTURE_TEST_CASE(a_child_that_has_closed_its_stdin_is_noticed_with_the_next_line, child_rig)
{
    run("exec <&-; echo ready; exec sleep 1000");
    BOOST_TEST_REQUIRE(heard(1));
    BOOST_TEST(child->lines().offer("x"));
    BOOST_TEST_REQUIRE(until([&] { return time.sleepers() == 1; }));
    BOOST_TEST(!child->running());
    time.jump_to_next_sleeper();
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST(logged("how=was killed by SIGTERM after it had closed its stdin"));
}

BOOST_FIXTURE_TEST_CASE(what_it_has_started_does_not_hold_it_up, child_rig)
{
    // It holds the pipes open, and in a group of its own.
    run("setsid sleep 3 & sleep 1000 & echo started; exit 0");
    BOOST_TEST_REQUIRE(ended());
    BOOST_TEST(logged("how=exited with 0"));
    BOOST_TEST(lines.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_program_that_is_not_there_is_told_once_and_tried_for_ever, child_rig)
{
    pipe_settings s;
    s.command.arguments = {"/no/such/bot"};
    run(s);
    BOOST_TEST(logged("pipe.failed"));
    BOOST_TEST(child->trouble().find("/no/such/bot is not there") != std::string::npos);
    for (int i = 0; i < 5; ++i) {
        time.jump_to_next_sleeper();
        test::settle(io);
    }
    BOOST_TEST(child->failures() == 6U);
    BOOST_TEST(count("pipe.failed") == 1);
    BOOST_TEST(times_gone == 6);
}

BOOST_FIXTURE_TEST_CASE(stopping_lets_it_finish, child_rig)
{
    run("while read -r line; do echo \"got $line\"; done; echo bye");
    child->lines().offer("a");
    child->lines().offer("b");
    child->stop();
    BOOST_TEST_REQUIRE(until([&] { return finished; }));
    const std::vector<std::string> expected{"got a", "got b", "bye"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
    BOOST_TEST(
        logged("pipe.ended the child process has ended as it was told to how=exited with 0"));
    BOOST_TEST(child->failures() == 0U);
}

BOOST_FIXTURE_TEST_CASE(stopping_ends_it_by_force_when_it_does_not_listen, child_rig)
{
    auto s = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
    run(s);
    BOOST_TEST_REQUIRE(heard(1));
    child->stop();
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST_REQUIRE(until([&] { return time.sleepers() == 1; }));
        time.advance(s.stop_timeout / 2);
    }
    BOOST_TEST_REQUIRE(until([&] { return finished; }));
    BOOST_TEST(logged("how=was killed by SIGKILL"));
}

BOOST_FIXTURE_TEST_CASE(stopping_in_a_pause_is_at_once, child_rig)
{
    run("exit 1");
    BOOST_TEST_REQUIRE(ended());
    child->stop();
    BOOST_TEST_REQUIRE(until([&] { return finished; }));
}

BOOST_FIXTURE_TEST_CASE(cancelling_kills_it, child_rig)
{
    run("echo ready; exec sleep 1000");
    BOOST_TEST_REQUIRE(heard(1));
    cancel.emit(asio::cancellation_type::all);
    BOOST_TEST_REQUIRE(until([&] { return finished; }));
    BOOST_TEST(!child->running());
}

BOOST_FIXTURE_TEST_CASE(another_command_takes_over_and_loses_nothing, child_rig)
{
    run("while read -r line; do echo \"old $line\"; done");
    child->lines().offer("a");
    BOOST_TEST_REQUIRE(heard(1));
    child->change(shell("while read -r line; do echo \"new $line\"; done"));
    BOOST_TEST_REQUIRE(until([&] { return count("pipe.ended") == 1; }));
    child->lines().offer("b");
    BOOST_TEST_REQUIRE(heard(2));
    BOOST_TEST(lines[0] == "old a");
    BOOST_TEST(lines[1] == "new b");
    BOOST_TEST(times_gone == 0);
    BOOST_TEST(child->failures() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_hundred_restarts_leave_nothing_behind, child_rig)
{
    auto s = shell("read -r line; exit 1");
    s.restart_initial = s.restart_max = 10ms;
    run(s);
    std::ptrdiff_t before = 0;
    for (int i = 1; i <= 100; ++i) {
        BOOST_TEST_REQUIRE(until([&] { return child->running(); }));
        child->lines().offer("end");
        BOOST_TEST_REQUIRE(ended(i));
        BOOST_TEST_REQUIRE(until([&] { return time.sleepers() == 1; }));
        if (i == 1)
            before = open_descriptors();
        BOOST_TEST_REQUIRE(open_descriptors() == before);
        time.jump_to_next_sleeper();
    }
    BOOST_TEST(child->failures() == 100U);
}

BOOST_AUTO_TEST_SUITE_END()
