#include "daemon/log_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace aiflow;
using namespace std::chrono_literals;

namespace {

const std::array lost_fields{log_field{"connection", "3"}, log_field{"lived_s", "812"}};
const log_record lost{log_level::warning, "connection.lost", "it was lost", lost_fields};

// 2027-03-04 05:06:07.089 UTC
constexpr std::chrono::sys_days day = std::chrono::year(2027) / 3 / 4;
constexpr auto moment = day + 5h + 6min + 7s + 89ms + 999us;

boost::json::object read(const std::string& line)
{
    BOOST_REQUIRE(line.ends_with("\n"));
    BOOST_TEST(line.find('\n') == line.size() - 1);
    return boost::json::parse(line).as_object();
}

std::string text_of(const boost::json::object& o, std::string_view name)
{
    return std::string(o.at(name).as_string());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_text_suite)

BOOST_AUTO_TEST_CASE(each_level_has_its_priority)
{
    BOOST_TEST(prefixed_line(log_level::error, "m") == "<3>m\n");
    BOOST_TEST(prefixed_line(log_level::warning, "m") == "<4>m\n");
    BOOST_TEST(prefixed_line(log_level::info, "m") == "<6>m\n");
    BOOST_TEST(prefixed_line(log_level::debug, "m") == "<7>m\n");
}

BOOST_AUTO_TEST_CASE(a_message_has_id_text_and_fields)
{
    BOOST_TEST(message_text(lost) == "connection.lost: it was lost (connection=3, lived_s=812)");
    BOOST_TEST(message_text({log_level::info, "a.b", "no fields", {}}) == "a.b: no fields");
}

BOOST_AUTO_TEST_CASE(nothing_in_a_record_can_begin_a_line_of_its_own)
{
    const std::array fields{log_field{"why", "x\n<0>forged: y"}, log_field{"esc", "\x1b[2J"}};
    const log_record r{log_level::info, "a.b", "first\r\n<3>second", fields};
    BOOST_TEST(message_text(r) ==
               "a.b: first\\x0d\\x0a<3>second (why=x\\x0a<0>forged: y, esc=\\x1b[2J)");
    const auto line = prefixed_line(r.level, message_text(r));
    BOOST_TEST(line.find('\n') == line.size() - 1);
}

BOOST_AUTO_TEST_CASE(what_was_escaped_already_stays_as_it_is)
{
    const auto once = printable("a\nb \xff \xc3\xbc");
    BOOST_TEST(message_text({log_level::info, "a.b", once, {}}) == "a.b: " + once);
}

BOOST_AUTO_TEST_CASE(a_message_is_cut)
{
    const auto text = message_text({log_level::info, "a.b", std::string(100'000, 'x'), {}});
    BOOST_TEST(text.size() == 8192U);
    BOOST_TEST(text.ends_with("xxx..."));
}

BOOST_AUTO_TEST_CASE(a_line_for_a_terminal_has_the_time_and_the_level)
{
    const std::chrono::local_time<std::chrono::milliseconds> local(
        std::chrono::floor<std::chrono::milliseconds>(moment.time_since_epoch()));
    BOOST_TEST(terminal_line(lost, local) ==
               "2027-03-04 05:06:07.089 warning connection.lost: it was lost (connection=3, "
               "lived_s=812)\n");
}

BOOST_AUTO_TEST_CASE(a_json_line_has_everything_under_its_name)
{
    BOOST_TEST(json_line(lost, moment) ==
               "{\"time\":\"2027-03-04T05:06:07.089Z\",\"level\":\"warning\",\"id\":\"connection."
               "lost\",\"text\":\"it was lost\",\"connection\":\"3\",\"lived_s\":\"812\"}\n");
}

BOOST_AUTO_TEST_CASE(a_json_line_keeps_its_own_names)
{
    const std::array fields{log_field{"text", "1"}, log_field{"a", "2"}, log_field{"a", "3"},
                            log_field{"text", "4"}};
    const auto o = read(json_line({log_level::error, "a.b", "own", fields}, moment));
    BOOST_TEST(o.size() == 8U);
    BOOST_TEST(text_of(o, "text") == "own");
    BOOST_TEST(text_of(o, "text_") == "1");
    BOOST_TEST(text_of(o, "a") == "2");
    BOOST_TEST(text_of(o, "a_") == "3");
    BOOST_TEST(text_of(o, "text__") == "4");
}

BOOST_AUTO_TEST_CASE(a_json_line_is_json_whatever_is_in_it)
{
    for (const std::string bad : {"\"},{\"", "a\nb", "\x1b[31m", "\\u0000", "\xff\xfe", "\xc3"}) {
        const std::array fields{log_field{"why", bad}, log_field{bad, "name"}};
        const auto o = read(json_line({log_level::info, "a.b", bad, fields}, moment));
        BOOST_TEST(text_of(o, "text") == printable(bad));
        BOOST_TEST(text_of(o, "why") == printable(bad));
        BOOST_TEST(o.contains(printable(bad)));
    }
}

BOOST_AUTO_TEST_CASE(the_time_of_a_json_line_is_well_formed_at_the_edges)
{
    const auto time_at = [](std::chrono::system_clock::time_point when) {
        return text_of(read(json_line(lost, when)), "time");
    };
    BOOST_TEST(time_at(std::chrono::system_clock::time_point()) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(time_at(std::chrono::sys_days(std::chrono::year(2028) / 2 / 29) + 24h - 1us) ==
               "2028-02-29T23:59:59.999Z");
    BOOST_TEST(time_at(std::chrono::system_clock::time_point(-1ms)) == "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_SUITE_END()
