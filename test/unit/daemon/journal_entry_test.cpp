#include "daemon/journal_entry.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>

using namespace aiflow;
using namespace std::string_literals;

namespace {

// Computed by Python: uuid.uuid5(uuid.UUID("9d764d57-af1a-4d4e-8efc-8b99bf3a4d2a"), id).hex
constexpr std::string_view id_of_a_b = "de671f57a79253eb9681d6932606e4cc";
constexpr std::string_view id_of_lost = "75d6cc01dda35026a693a3d1f8494e2a";

std::string entry_with(std::string_view name, std::string value)
{
    const std::array fields{log_field{name, std::move(value)}};
    return journal_entry({log_level::info, "a.b", "t", fields});
}

bool has(const std::string& entry, const std::string& part)
{
    return entry.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_entry_suite)

BOOST_AUTO_TEST_CASE(message_ids_are_version_5_uuids)
{
    BOOST_TEST(message_id("a.b") == id_of_a_b);
    BOOST_TEST(message_id("connection.lost") == id_of_lost);
    BOOST_TEST(message_id("") == "f86fab2735315eebaf51cab7d548f5a9");
}

BOOST_AUTO_TEST_CASE(an_entry_byte_by_byte)
{
    const std::array fields{log_field{"session", "1a2b3c4d"}, log_field{"event", "user_speak"},
                            log_field{"attempt", "2"}, log_field{"reason", ""}};
    const auto entry = journal_entry({log_level::warning, "a.b", "some text", fields});
    BOOST_TEST(entry ==
               "MESSAGE=a.b: some text (session=1a2b3c4d, event=user_speak, attempt=2, reason=)\n"
               "PRIORITY=4\n"
               "SYSLOG_IDENTIFIER=aiflowd\n"
               "MESSAGE_ID=" +
                   std::string(id_of_a_b) +
                   "\n"
                   "AIFLOW_ID=a.b\n"
                   "SESSION=1a2b3c4d\n"
                   "EVENT=user_speak\n"
                   "ATTEMPT=2\n"
                   "REASON=\n");
}

BOOST_AUTO_TEST_CASE(a_value_of_several_lines_is_in_the_binary_form)
{
    BOOST_TEST(entry_with("why", "x\nPRIORITY=0\n")
                   .ends_with("AIFLOW_ID=a.b\nWHY\n\x0d\0\0\0\0\0\0\0x\nPRIORITY=0\n\n"s));
    // 300 bytes: the length is little-endian.
    const auto longer = std::string(299, 'y') + "\n";
    BOOST_TEST(entry_with("why", longer).ends_with("WHY\n\x2c\x01\0\0\0\0\0\0"s + longer + "\n"));
    BOOST_TEST(has(entry_with("why", "x\nPRIORITY=0\n"), "MESSAGE=a.b: t (why=x\\x0aPRIORITY=0"));
}

BOOST_AUTO_TEST_CASE(names_are_what_the_journal_takes)
{
    BOOST_TEST(entry_with("in_ms", "1").ends_with("\nIN_MS=1\n"));
    BOOST_TEST(entry_with("UPPER9", "1").ends_with("\nUPPER9=1\n"));
    BOOST_TEST(entry_with("_uid", "0").ends_with("\nFIELD__UID=0\n"));
    BOOST_TEST(entry_with("9x", "1").ends_with("\nFIELD_9X=1\n"));
    BOOST_TEST(entry_with("a=b\nc", "1").ends_with("\nA_B_C=1\n"));
    BOOST_TEST(entry_with("\xc3\xbc", "1").ends_with("\nFIELD___=1\n"));
    BOOST_TEST(entry_with("", "1").ends_with("\nFIELD_=1\n"));
    BOOST_TEST(
        entry_with(std::string(80, 'a'), "1").ends_with("\n" + std::string(64, 'A') + "=1\n"));
}

BOOST_AUTO_TEST_CASE(a_name_is_never_longer_than_the_journal_takes)
{
    BOOST_TEST(entry_with("_" + std::string(80, 'a'), "1")
                   .ends_with("\nFIELD__" + std::string(57, 'A') + "=1\n"));
}

BOOST_AUTO_TEST_CASE(long_values_are_cut)
{
    BOOST_TEST(entry_with("why", std::string(100'000, 'x'))
                   .ends_with("\nWHY=" + std::string(8192, 'x') + "\n"));
}

BOOST_AUTO_TEST_CASE(the_text_of_an_entry_is_found_again)
{
    BOOST_TEST(text_of_journal_entry(entry_with("why", "x\ny")) == "a.b: t (why=x\\x0ay)");
    BOOST_TEST(text_of_journal_entry("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
