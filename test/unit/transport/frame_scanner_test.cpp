#include "transport/frame_scanner.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace aiflow;
using verdict = frame_scanner::verdict;
using namespace std::string_literals;

namespace {

// Boost.Test prints what it compares.
std::string name(verdict v)
{
    switch (v) {
    case verdict::incomplete:
        return "incomplete";
    case verdict::header:
        return "header";
    case verdict::violation:
        return "violation";
    case verdict::too_large:
        return "too_large";
    case verdict::too_many_fragments:
        return "too_many_fragments";
    }
    return "?";
}

std::string scan(frame_scanner& s, const std::string& bytes)
{
    frame_header h;
    return name(s.next(bytes, h));
}

std::string scan_from_server(const std::string& bytes)
{
    frame_scanner s(false, {});
    return scan(s, bytes);
}

std::string scan_from_client(const std::string& bytes)
{
    frame_scanner s(true, {});
    return scan(s, bytes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frame_scanner_suite)

BOOST_AUTO_TEST_CASE(reads_every_form_of_length)
{
    struct {
        std::string bytes;
        std::uint64_t length;
        std::size_t header;
    } const cases[] = {
        {"\x81\x00"s, 0, 2},
        {"\x81\x7d"s, 125, 2},
        {"\x81\x7e\x00\x7e"s, 126, 4},
        {"\x81\x7e\xff\xff"s, 65535, 4},
        {"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s, 65536, 10},
    };
    for (const auto& c : cases) {
        frame_scanner s(false, {});
        frame_header h;
        BOOST_TEST(name(s.next(c.bytes, h)) == "header");
        BOOST_TEST(h.length == c.length);
        BOOST_TEST(h.header_bytes == c.header);
        BOOST_TEST(h.fin);
        BOOST_TEST(!h.masked);
    }
}

BOOST_AUTO_TEST_CASE(is_incomplete_at_every_earlier_byte)
{
    const auto whole = "\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00\x01\x02\x03\x04"s;
    frame_scanner s(true, {});
    for (std::size_t n = 0; n < whole.size(); ++n)
        BOOST_TEST(scan(s, whole.substr(0, n)) == "incomplete", "after " << n << " bytes");
    frame_header h;
    BOOST_TEST(name(s.next(whole, h)) == "header");
    BOOST_TEST(h.length == 65536U);
    BOOST_TEST(h.mask[0] == 1);
    BOOST_TEST(h.mask[3] == 4);
}

BOOST_AUTO_TEST_CASE(demands_the_mask_of_the_role)
{
    BOOST_TEST(scan_from_client("\x81\x01x"s) == "violation");
    BOOST_TEST(scan_from_server("\x81\x81\x01\x02\x03\x04x"s) == "violation");
    BOOST_TEST(scan_from_client("\x81\x81\x01\x02\x03\x04x"s) == "header");
    BOOST_TEST(scan_from_server("\x81\x01x"s) == "header");
}

BOOST_AUTO_TEST_CASE(refuses_reserved_bits_and_opcodes)
{
    for (const char bits : {'\xc1', '\xa1', '\x91'})
        BOOST_TEST(scan_from_server(std::string(1, bits) + "\x01x") == "violation");
    for (int opcode = 0; opcode < 16; ++opcode) {
        const bool known = opcode == 1 || opcode == 2 || (opcode >= 8 && opcode <= 10);
        const std::string bytes{static_cast<char>(0x80 | opcode), '\x01', 'x'};
        // A continuation is known, too, but nothing goes on here.
        BOOST_TEST(scan_from_server(bytes) == (known ? "header" : "violation"), opcode);
    }
}

BOOST_AUTO_TEST_CASE(refuses_lengths_that_lie)
{
    BOOST_TEST(scan_from_server("\x81\x7e\x00\x7d"s) == "violation");
    BOOST_TEST(scan_from_server("\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff"s) == "violation");
    BOOST_TEST(scan_from_server("\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00"s) == "violation");
    BOOST_TEST(scan_from_server("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"s) == "too_large");
}

BOOST_AUTO_TEST_CASE(refuses_control_frames_that_are_long_or_in_parts)
{
    BOOST_TEST(scan_from_server("\x89\x7e\x00\x7e"s) == "violation");
    BOOST_TEST(scan_from_server("\x09\x00"s) == "violation");
    BOOST_TEST(scan_from_server("\x89\x7d"s) == "header");
}

BOOST_AUTO_TEST_CASE(keeps_track_of_fragments)
{
    frame_scanner s(false, {});
    BOOST_TEST(scan(s, "\x01\x01x"s) == "header");
    BOOST_TEST(scan(s, "\x89\x00"s) == "header");  // a ping may come between
    BOOST_TEST(scan(s, "\x00\x01x"s) == "header");
    BOOST_TEST(scan(s, "\x81\x01x"s) == "violation");

    frame_scanner t(false, {});
    BOOST_TEST(scan(t, "\x01\x01x"s) == "header");
    BOOST_TEST(scan(t, "\x80\x01x"s) == "header");
    BOOST_TEST(scan(t, "\x80\x01x"s) == "violation");
}

BOOST_AUTO_TEST_CASE(counts_the_whole_message)
{
    stream_limits limits;
    limits.message_bytes = 10;
    frame_scanner s(false, limits);
    BOOST_TEST(scan(s, "\x81\x0a"s) == "header");
    BOOST_TEST(scan(s, "\x01\x06"s) == "header");
    BOOST_TEST(scan(s, "\x00\x04"s) == "header");
    BOOST_TEST(scan(s, "\x80\x01"s) == "too_large");

    frame_scanner t(false, limits);
    BOOST_TEST(scan(t, "\x81\x0b"s) == "too_large");
}

BOOST_AUTO_TEST_CASE(counts_fragments_of_each_message)
{
    stream_limits limits;
    limits.message_fragments = 3;
    frame_scanner s(false, limits);
    for (int message = 0; message < 2; ++message) {
        BOOST_TEST(scan(s, "\x01\x00"s) == "header");
        BOOST_TEST(scan(s, "\x00\x00"s) == "header");
        BOOST_TEST(scan(s, "\x80\x00"s) == "header");
    }
    BOOST_TEST(scan(s, "\x01\x00"s) == "header");
    BOOST_TEST(scan(s, "\x00\x00"s) == "header");
    BOOST_TEST(scan(s, "\x00\x00"s) == "header");
    BOOST_TEST(scan(s, "\x00\x00"s) == "too_many_fragments");
}

BOOST_AUTO_TEST_CASE(mask_twice_is_no_mask)
{
    std::string payload = "seven b";
    apply_mask(payload, {1, 2, 3, 4});
    BOOST_TEST(payload != "seven b");
    apply_mask(payload, {1, 2, 3, 4});
    BOOST_TEST(payload == "seven b");
}

BOOST_AUTO_TEST_SUITE_END()
