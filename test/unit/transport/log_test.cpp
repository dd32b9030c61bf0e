#include "aiflow/log.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace aiflow;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(log_suite)

BOOST_AUTO_TEST_CASE(printable_escapes_what_could_deceive)
{
    BOOST_TEST(printable("plain \xc3\xbc \xf0\x9f\x98\x80") == "plain \xc3\xbc \xf0\x9f\x98\x80");
    BOOST_TEST(printable("a\r\nb\tc") == "a\\x0d\\x0ab\\x09c");
    BOOST_TEST(printable("\x1b[31m") == "\\x1b[31m");
    BOOST_TEST(printable("nul\0!"s) == "nul\\x00!");
    BOOST_TEST(printable("\x7f") == "\\x7f");
    BOOST_TEST(printable("\xc2\x85") == "\\xc2\\x85");           // next line, C1
    BOOST_TEST(printable("\xe2\x80\xae") == "\\xe2\\x80\\xae");  // right-to-left override
    BOOST_TEST(printable("\xe2\x81\xa6") == "\\xe2\\x81\\xa6");  // isolate
    BOOST_TEST(printable("\xe2\x80\x8f") == "\\xe2\\x80\\x8f");  // right-to-left mark
    BOOST_TEST(printable("\xe2\x80\xa8") == "\\xe2\\x80\\xa8");  // line separator
    BOOST_TEST(printable("\xff\xc3") == "\\xff\\xc3");
    BOOST_TEST(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // surrogate
}

BOOST_AUTO_TEST_CASE(printable_escapes_every_control_character)
{
    for (int c = 0; c < 0x20; ++c)
        BOOST_TEST(printable(std::string(1, static_cast<char>(c))).substr(0, 2) == "\\x");
}

BOOST_AUTO_TEST_CASE(printable_cuts_between_characters_and_escapes)
{
    BOOST_TEST(printable(std::string(300, 'a')) == std::string(253, 'a') + "...");
    BOOST_TEST(printable(std::string(256, 'a')) == std::string(256, 'a'));
    BOOST_TEST(printable("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 6) == "\xc3\xbc...");
    BOOST_TEST(printable("\n\n\n", 8) == "\\x0a...");
    for (std::size_t limit = 0; limit < 20; ++limit)
        BOOST_TEST(printable("\n\xc3\xbc\n\xf0\x9f\x98\x80 and more", limit).size() <= limit);
}

BOOST_AUTO_TEST_CASE(short_id_is_eight_characters)
{
    BOOST_TEST(short_id("1a2b3c4d-5e6f") == "1a2b3c4d");
    BOOST_TEST(short_id("abc") == "abc");
    BOOST_TEST(short_id("") == "");
    BOOST_TEST(short_id("a\nb") == "a\\x0ab");
}

BOOST_AUTO_TEST_CASE(logger_keeps_to_its_threshold)
{
    std::vector<std::string> lines;
    const logger log(
        [&](const log_record& r) {
            std::string line(to_string(r.level));
            line.append(" ").append(r.id).append(" ").append(r.text);
            for (const auto& f : r.fields)
                line.append(" ").append(f.name).append("=").append(f.value);
            lines.push_back(line);
        },
        log_level::warning);
    log.write(log_level::info, "a.b", "not seen");
    log.write(log_level::warning, "a.b", "seen", {{"x", "1"}, {"y", "2"}});
    log.write(log_level::error, "a.c", "seen");
    BOOST_TEST((lines == std::vector<std::string>{"warning a.b seen x=1 y=2", "error a.c seen"}));
    BOOST_TEST(!log.enabled(log_level::debug));
    BOOST_TEST(!logger().enabled(log_level::error));
    logger().write(log_level::error, "a.b", "to nobody");
}

BOOST_AUTO_TEST_CASE(copies_of_a_logger_share_its_threshold)
{
    std::vector<std::string> seen;
    const logger log([&](const log_record& r) { seen.emplace_back(r.text); });
    const logger copy = log;  // NOLINT(performance-unnecessary-copy-initialization): is tested
    copy.write(log_level::debug, "a.b", "too low");
    log.set_threshold(log_level::debug);
    BOOST_TEST(copy.enabled(log_level::debug));
    BOOST_TEST((copy.threshold() == log_level::debug));
    copy.write(log_level::debug, "a.b", "low enough");
    copy.set_threshold(log_level::error);
    log.write(log_level::warning, "a.b", "too low again");
    BOOST_TEST((seen == std::vector<std::string>{"low enough"}));
}

BOOST_AUTO_TEST_CASE(a_logger_without_a_sink_stays_silent)
{
    for (const logger& log : {logger(), logger(logger::sink())}) {
        log.set_threshold(log_level::debug);
        BOOST_TEST(!log.enabled(log_level::error));
        log.write(log_level::error, "a.b", "to nobody");
    }
}

BOOST_AUTO_TEST_CASE(the_threshold_may_change_while_others_write)
{
    std::atomic<int> written = 0;
    const logger log([&](const log_record&) { ++written; }, log_level::error);
    std::jthread other([copy = log] {
        while (!copy.enabled(log_level::debug))
            std::this_thread::yield();
        copy.write(log_level::debug, "a.b", "as soon as it may");
    });
    log.set_threshold(log_level::debug);
    other.join();
    BOOST_TEST(written == 1);
}

BOOST_AUTO_TEST_CASE(a_sink_that_throws_loses_its_line_only)
{
    int lines = 0;
    const logger log([&lines](const log_record&) {
        if (++lines == 1)
            throw std::runtime_error("no space left");
    });
    log.write(log_level::error, "a", "one");
    log.write(log_level::error, "b", "two");
    BOOST_TEST(lines == 2);
}

BOOST_AUTO_TEST_SUITE_END()
