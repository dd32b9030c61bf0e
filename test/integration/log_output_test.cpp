#include "daemon/log_output.hpp"

#include "datagram_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

using namespace aiflow;
using namespace aiflow::test;

namespace {

struct output_rig {
    output_rig() { options.descriptor = out.write_end(); }

    // Writes `n` lines and ends the output, so that all of them have been written.
    void write_lines(std::size_t n, std::string_view text = "text")
    {
        log_output output(options);
        const auto log = output.make_logger(log_level::info);
        for (std::size_t i = 0; i < n; ++i)
            log.write(log_level::warning, "a.b", text, {{"n", std::to_string(i)}});
    }

    scratch_folder folder;
    pipe_pair out;
    log_output_options options;
};

std::vector<int> numbers_behind(const std::string& all, std::string_view begin)
{
    std::vector<int> found;
    for (auto at = all.find(begin); at != std::string::npos; at = all.find(begin, at + 1))
        found.push_back(std::stoi(all.substr(at + begin.size())));
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_output_suite)

BOOST_FIXTURE_TEST_CASE(text_goes_to_the_descriptor_in_order, output_rig)
{
    options.format = log_format::text;
    write_lines(3);
    BOOST_TEST(out.take() == "<4>a.b: text (n=0)\n<4>a.b: text (n=1)\n<4>a.b: text (n=2)\n");
}

BOOST_FIXTURE_TEST_CASE(the_level_is_changed_while_it_runs, output_rig)
{
    {
        log_output output(options);
        const auto log = output.make_logger(log_level::warning);
        log.write(log_level::info, "a.b", "too low");
        log.set_threshold(log_level::debug);
        log.write(log_level::debug, "a.b", "low enough");
    }
    BOOST_TEST(out.take() == "<7>a.b: low enough\n");
}

BOOST_FIXTURE_TEST_CASE(json_is_an_object_a_line, output_rig)
{
    options.format = log_format::json;
    write_lines(2);
    const auto all = out.take();
    BOOST_TEST(std::count(all.begin(), all.end(), '\n') == 2);
    BOOST_TEST(all.starts_with("{\"time\":\"2"));
    BOOST_TEST(
        all.ends_with("\"level\":\"warning\",\"id\":\"a.b\",\"text\":\"text\",\"n\":\"1\"}\n"));
}

BOOST_FIXTURE_TEST_CASE(the_journal_is_taken_when_it_is_what_reads, output_rig)
{
    options.journal_socket = folder.path("journal");
    datagram_peer journal(options.journal_socket);
    options.journal_stream = out.stream();
    BOOST_TEST((log_output(options).format() == log_format::journal));
    write_lines(2);
    const auto entries = journal.take();
    BOOST_REQUIRE(entries.size() == 2U);
    BOOST_TEST(entries[1].starts_with("MESSAGE=a.b: text (n=1)\nPRIORITY=4\n"));
    BOOST_TEST(entries[1].ends_with("\nAIFLOW_ID=a.b\nN=1\n"));
    BOOST_TEST(out.take() == "");
}

BOOST_FIXTURE_TEST_CASE(text_is_taken_when_something_else_reads, output_rig)
{
    options.journal_socket = folder.path("journal");
    datagram_peer journal(options.journal_socket);
    for (const std::string& other : {std::string(), out.stream() + "1", std::string("1:2")}) {
        options.journal_stream = other;
        BOOST_TEST((log_output(options).format() == log_format::text));
        write_lines(1);
        BOOST_TEST(out.take() == "<4>a.b: text (n=0)\n");
    }
    BOOST_TEST(journal.take().empty());
}

BOOST_FIXTURE_TEST_CASE(lines_that_the_journal_does_not_take_go_to_the_descriptor, output_rig)
{
    options.format = log_format::journal;
    options.journal_socket = folder.path("journal");
    write_lines(1);
    BOOST_TEST(out.take() == "<4>a.b: text (n=0)\n");
    // It comes back: the next line is found there without doing anything.
    datagram_peer journal(options.journal_socket);
    write_lines(1);
    BOOST_TEST(journal.take().size() == 1U);
    BOOST_TEST(out.take() == "");
}

BOOST_FIXTURE_TEST_CASE(the_longest_entry_fits_into_a_datagram, output_rig)
{
    options.format = log_format::journal;
    options.journal_socket = folder.path("journal");
    datagram_peer journal(options.journal_socket);
    const std::string huge(1'000'000, 'x');
    {
        log_output output(options);
        output.make_logger(log_level::info)
            .write(log_level::info, "a.b", huge,
                   {{"a", huge}, {"b", huge}, {"c", huge}, {"d", huge}, {"e", huge}, {"f", huge}});
    }
    BOOST_REQUIRE(journal.take().size() == 1U);
    BOOST_TEST(out.take() == "");
}

BOOST_FIXTURE_TEST_CASE(whoever_logs_does_not_wait_for_whoever_reads, output_rig)
{
    options.format = log_format::text;
    options.queue = 10;
    out.fill();
    const auto begin = std::chrono::steady_clock::now();
    log_output output(options);
    const auto log = output.make_logger(log_level::info);
    for (int i = 0; i < 100; ++i)
        log.write(log_level::info, "a.b", "text", {{"n", std::to_string(i)}});
    // Ten wait in the queue, and one may be with the thread that writes.
    BOOST_TEST(output.lost() >= 89U);
    BOOST_TEST(output.lost() <= 90U);
    // A writer that blocked would never come here; the limit is only far below the time of a test.
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(20)));
}

BOOST_FIXTURE_TEST_CASE(what_was_lost_is_told_when_lines_get_through_again, output_rig)
{
    options.format = log_format::text;
    options.queue = 10;
    std::string all;
    {
        log_output output(options);
        const auto log = output.make_logger(log_level::info);
        // The second time is within the second in which it is not told again, so the end tells it.
        for (int times = 0; times < 2; ++times) {
            out.fill();
            for (int i = 0; i < 100; ++i)
                log.write(log_level::info, "a.b", "text", {{"n", std::to_string(i)}});
            all += out.take();
            all += out.wait_for("(n=99)\n");
        }
    }
    all += out.take();
    const auto lost = numbers_behind(all, "<4>log.lost: lines of the log were lost here (lines=");
    const auto written = numbers_behind(all, "<6>a.b: text (n=");
    const auto sum = std::accumulate(lost.begin(), lost.end(), 0);
    BOOST_TEST(sum >= 2 * 89);
    BOOST_TEST(sum + static_cast<int>(written.size()) == 200);
    BOOST_TEST(std::count(written.begin(), written.end(), 99) == 2);
}

BOOST_FIXTURE_TEST_CASE(the_end_does_not_wait_for_whoever_does_not_read, output_rig)
{
    options.format = log_format::text;
    out.fill();
    write_lines(100);  // a hang would be the end of the test program
    BOOST_TEST(out.take().find("a.b") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_has_gone_is_not_the_end, output_rig)
{
    std::signal(SIGPIPE, SIG_IGN);
    options.format = log_format::text;
    out.close_read_end();
    write_lines(3);
}

BOOST_AUTO_TEST_SUITE_END()
