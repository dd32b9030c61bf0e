#include "aiflow/wav.hpp"

#include "samples.hpp"

#include <boost/test/unit_test.hpp>

namespace aiflow::test {
namespace {

using namespace std::chrono_literals;

std::string wav_refusal(std::string_view text)
{
    const auto info = inspect_wav_base64(text);
    if (info)
        return "accepted";
    BOOST_TEST((info.error().code == errc::invalid_audio));
    BOOST_TEST(info.error().field == "audio_base64");
    return info.error().text;
}

BOOST_AUTO_TEST_SUITE(wav)

BOOST_AUTO_TEST_CASE(base64_of_known_bytes)
{
    // RFC 4648, section 10.
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [bytes, text] : rows)
        BOOST_TEST(base64(bytes) == text);
    BOOST_TEST(base64("\xff\xfe\xfb\xef") == "//777w==");
}

BOOST_AUTO_TEST_CASE(the_header_is_read)
{
    const auto info = inspect_wav_base64(sound());
    BOOST_TEST_REQUIRE(info.has_value());
    BOOST_TEST((*info == wav_info{1, 16000, 16, 3200}));
    BOOST_TEST((info->duration() == 100ms));
    BOOST_TEST(!audio_advice(*info));
}

BOOST_AUTO_TEST_CASE(every_length_of_padding)
{
    for (std::size_t bytes = 1; bytes < 20; ++bytes) {
        const auto info = inspect_wav_base64(sound({.data_bytes = bytes}));
        BOOST_TEST_REQUIRE(info.has_value());
        BOOST_TEST(info->data_bytes == bytes);
    }
}

BOOST_AUTO_TEST_CASE(other_shapes_are_read_but_advised_against)
{
    struct row {
        wav_shape shape;
        std::string_view says;
    };
    const row rows[] = {
        {{.rate = 8000}, "is 8000 Hz, 1 channel(s), 16-bit"},
        {{.channels = 2}, "is 16000 Hz, 2 channel(s), 16-bit"},
        {{.bits = 8}, "is 16000 Hz, 1 channel(s), 8-bit"},
    };
    for (const auto& r : rows) {
        const auto info = inspect_wav_base64(sound(r.shape));
        BOOST_TEST_REQUIRE(info.has_value(), r.says);
        const auto advice = audio_advice(*info);
        BOOST_TEST_REQUIRE(advice.has_value(), r.says);
        BOOST_TEST(advice->text.starts_with(r.says), advice->text);
    }
}

BOOST_AUTO_TEST_CASE(chunks_may_come_before_the_samples)
{
    auto file = wav_file();
    file.insert(36, std::string("LIST\x03\0\0\0abc\0", 12));
    BOOST_TEST((inspect_wav_base64(base64(file)).value() == wav_info{1, 16000, 16, 3200}));
}

BOOST_AUTO_TEST_CASE(a_file_from_a_pipe_counts_what_is_there)
{
    auto file = wav_file();
    file.replace(40, 4, "\xff\xff\xff\xff");
    BOOST_TEST(inspect_wav_base64(base64(file))->data_bytes == 3200U);
}

BOOST_AUTO_TEST_CASE(extensible_pcm_is_pcm)
{
    auto file = wav_file({.format = 0xfffe});
    std::string extension("\x16\0\x10\0\x04\0\0\0\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71",
                          24);
    file.insert(36, extension);
    file[16] = 40;
    BOOST_TEST((inspect_wav_base64(base64(file)).value() == wav_info{1, 16000, 16, 3200}));
    file[44] = 3;
    BOOST_TEST(wav_refusal(base64(file)) == "is WAV of format 3; only PCM (format 1) plays");
}

BOOST_AUTO_TEST_CASE(what_does_not_play_is_refused)
{
    auto no_format = wav_file();
    no_format.replace(12, 4, "junk");
    auto short_format = wav_file();
    short_format.erase(28, 8);
    short_format[16] = 8;
    auto good = sound();
    auto broken = good;
    broken.insert(76, "\n");
    auto url = good;
    url[101] = '_';
    auto space = good;
    space[100] = ' ';
    auto inner_padding = good;
    inner_padding[100] = '=';
    const std::pair<std::string, std::string_view> rows[] = {
        {"", "is empty; give a WAV file in Base64"},
        {"abc", "is not Base64: its length is no multiple of 4; give it padded with ="},
        {broken, "has a line break at character 76; give the Base64 in one line"},
        {url, "has a character of the URL alphabet at character 101; use the standard alphabet "
              "with + and /"},
        {space, "has a character that is not Base64 at character 100; use the standard alphabet "
                "with + and /"},
        {inner_padding, "has a character that is not Base64 at character 100; use the standard "
                        "alphabet with + and /"},
        {"====", "has a character that is not Base64 at character 0; use the standard alphabet "
                 "with + and /"},
        {base64("ID3\x04 and the rest of an MP3"),
         "is Base64, but not of a WAV file; give WAV (RIFF/WAVE) with PCM"},
        {base64("RIFF"), "is Base64, but not of a WAV file; give WAV (RIFF/WAVE) with PCM"},
        {base64(wav_file().substr(0, 12)), "is a WAV file without samples; give one with a data "
                                           "chunk"},
        {base64(wav_file().substr(0, 36)), "is a WAV file without samples; give one with a data "
                                           "chunk"},
        {base64(wav_file().substr(0, 44)), "holds no samples; give a WAV file with sound in it"},
        {sound({.data_bytes = 0}), "holds no samples; give a WAV file with sound in it"},
        {sound({.format = 7}), "is WAV of format 7; only PCM (format 1) plays"},
        {sound({.rate = 0}), "has a format chunk with zeros; give 16 kHz, mono, 16-bit PCM"},
        {base64(no_format), "has samples before their format; give a plain WAV file"},
        {base64(short_format), "has a format chunk of 8 bytes; WAV needs 16"},
    };
    for (const auto& [text, says] : rows)
        BOOST_TEST(wav_refusal(text) == says);
}

BOOST_AUTO_TEST_CASE(no_cut_file_is_read_past_its_end)
{
    const auto file = wav_file({.data_bytes = 8});
    for (std::size_t length = 0; length < 44; ++length)
        BOOST_TEST(wav_refusal(base64(file.substr(0, length))) != "accepted", length);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
