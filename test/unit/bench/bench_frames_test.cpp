#include "bench/frames.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace aiflow::bench;

namespace {

std::vector<std::string> payloads_of(std::string bytes, std::size_t step)
{
    frame_scanner scanner;
    std::vector<std::string> found;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        scanner.put(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)));
        while (const auto f = scanner.next())
            found.emplace_back(f->payload);
    }
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bench_frames)

BOOST_AUTO_TEST_CASE(frames_are_found_however_they_are_cut)
{
    const std::vector<std::string> texts{"",
                                         "short",
                                         std::string(125, 'a'),
                                         std::string(126, 'b'),
                                         std::string(65'535, 'c'),
                                         std::string(65'536, 'd'),
                                         "end"};
    for (const bool masked : {false, true}) {
        std::string bytes;
        for (const auto& t : texts)
            append_frame(bytes, opcode::text, t, masked);
        for (const std::size_t step :
             {std::size_t{1}, std::size_t{7}, std::size_t{4096}, bytes.size()})
            BOOST_TEST((payloads_of(bytes, step) == texts));
    }
}

BOOST_AUTO_TEST_CASE(a_frame_is_as_the_rfc_writes_it)
{
    std::string bytes;
    append_frame(bytes, opcode::text, "Hello", false);
    BOOST_TEST(bytes == "\x81\x05Hello");
    bytes.clear();
    append_frame(bytes, opcode::ping, std::string(300, 'x'), true);
    BOOST_TEST(bytes.substr(0, 4) == std::string("\x89\xfe\x01\x2c", 4));
    BOOST_TEST(bytes.substr(4, 4) == "\x5a\xc3\x0f\x96");
    BOOST_TEST(bytes[8] == ('x' ^ 0x5a));
    BOOST_TEST(bytes.size() == 308U);
}

BOOST_AUTO_TEST_CASE(the_key_of_the_frame_unmasks_it)
{
    // RFC 6455 5.7: "Hello", masked.
    std::string bytes("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
    frame_scanner scanner;
    scanner.put(bytes);
    const auto f = scanner.next();
    BOOST_REQUIRE(f);
    BOOST_TEST(f->payload == "Hello");
    BOOST_TEST(!scanner.next());
}

BOOST_AUTO_TEST_CASE(what_the_driver_does_not_expect_is_refused)
{
    for (std::string bytes :
         {std::string("\x01\x00", 2), std::string("\x80\x00", 2), std::string("\xc1\x00", 2)}) {
        frame_scanner scanner;
        scanner.put(bytes);
        BOOST_CHECK_THROW(scanner.next(), std::runtime_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
