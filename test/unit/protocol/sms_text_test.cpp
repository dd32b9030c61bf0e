#include "aiflow/sms_text.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace aiflow::test {
namespace {

std::string times(std::size_t count, std::string_view what)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += what;
    return out;
}

constexpr std::string_view emoji = "\xf0\x9f\x98\x80";

BOOST_AUTO_TEST_SUITE(sms_texts)

BOOST_AUTO_TEST_CASE(sizes_and_segments)
{
    struct row {
        const char* name;
        std::string text;
        sms_size expected;
    };
    constexpr auto gsm7 = sms_encoding::gsm7;
    constexpr auto ucs2 = sms_encoding::ucs2;
    const row rows[] = {
        {"empty", "", {gsm7, 0, 0, 0}},
        {"one", "a", {gsm7, 1, 1, 1}},
        {"160 fit alone", times(160, "a"), {gsm7, 160, 160, 1}},
        {"161 are split", times(161, "a"), {gsm7, 161, 161, 2}},
        {"two full ones", times(306, "a"), {gsm7, 306, 306, 2}},
        {"one more", times(307, "a"), {gsm7, 307, 307, 3}},
        {"ten full ones", times(1530, "a"), {gsm7, 1530, 1530, 10}},
        {"80 of two septets", times(80, "€"), {gsm7, 80, 160, 1}},
        {"81 of two septets", times(81, "€"), {gsm7, 81, 162, 2}},
        // 153 is odd: a segment of two-septet characters ends at 152.
        {"never cut in two", times(153, "€"), {gsm7, 153, 306, 3}},
        {"pair before the border", times(151, "a") + "€" + times(153, "a"), {gsm7, 305, 306, 2}},
        {"pair on the border", times(152, "a") + "€" + times(152, "a"), {gsm7, 305, 306, 3}},
        {"alone at 160 with pair", times(158, "a") + "{", {gsm7, 159, 160, 1}},
        {"umlauts are GSM", "äöüßÄÖÜéèà", {gsm7, 10, 10, 1}},
        {"c with cedilla: capital only", "Ç", {gsm7, 1, 1, 1}},
        {"c with cedilla: small", "ç", {ucs2, 1, 1, 1}},
        {"acute a is not GSM", "á", {ucs2, 1, 1, 1}},
        {"backtick is not GSM", "`", {ucs2, 1, 1, 1}},
        {"tab is not GSM", "\t", {ucs2, 1, 1, 1}},
        {"one Cyrillic letter", "Привет", {ucs2, 6, 6, 1}},
        {"70 fit alone", times(70, "ж"), {ucs2, 70, 70, 1}},
        {"71 are split", times(71, "ж"), {ucs2, 71, 71, 2}},
        {"two full of UCS-2", times(134, "ж"), {ucs2, 134, 134, 2}},
        {"one more of UCS-2", times(135, "ж"), {ucs2, 135, 135, 3}},
        {"an emoji is two units", std::string(emoji), {ucs2, 1, 2, 1}},
        {"35 emoji", times(35, emoji), {ucs2, 35, 70, 1}},
        {"36 emoji", times(36, emoji), {ucs2, 36, 72, 2}},
        {"surrogates before the border",
         times(65, "ж") + std::string(emoji) + times(67, "ж"),
         {ucs2, 133, 134, 2}},
        {"surrogates on the border",
         times(66, "ж") + std::string(emoji) + times(66, "ж"),
         {ucs2, 133, 134, 3}},
        {"GSM before and after", times(100, "a") + "ж" + times(30, "€"), {ucs2, 131, 131, 2}},
    };
    for (const auto& r : rows) {
        const auto size = measure_sms(r.text);
        BOOST_TEST_REQUIRE(size.has_value(), r.name);
        BOOST_TEST((size->encoding == r.expected.encoding), r.name);
        BOOST_TEST(size->characters == r.expected.characters, r.name);
        BOOST_TEST(size->units == r.expected.units, r.name);
        BOOST_TEST(size->segments == r.expected.segments, r.name << ": " << size->segments);
    }
}

BOOST_AUTO_TEST_CASE(each_character_of_the_table_counts)
{
    const std::string_view basic[] = {
        "@", "£", "$", "¥", "è", "é", "ù", "ì", "ò", "Ç", "\n", "Ø", "ø", "\r", "Å", "å",  "Δ", "_",
        "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ", "Æ", "æ",  "ß", "É", " ",  "!", "\"", "#", "¤",
        "%", "&", "'", "(", ")", "*", "+", ",", "-", ".", "/",  "0", "9", ":",  ";", "<",  "=", ">",
        "?", "¡", "A", "Z", "Ä", "Ö", "Ñ", "Ü", "§", "¿", "a",  "z", "ä", "ö",  "ñ", "ü",  "à"};
    for (const auto c : basic)
        BOOST_TEST((measure_sms(c).value() == sms_size{sms_encoding::gsm7, 1, 1, 1}), c);
    const std::string_view extension[] = {"\f", "^", "{", "}", "\\", "[", "~", "]", "|", "€"};
    for (const auto c : extension)
        BOOST_TEST((measure_sms(c).value() == sms_size{sms_encoding::gsm7, 1, 2, 1}), c);
    std::size_t ascii = 0;
    for (char c = ' '; c < '\x7f'; ++c) {
        if (measure_sms(std::string(1, c))->encoding == sms_encoding::gsm7)
            ++ascii;
    }
    BOOST_TEST(ascii == 94U);  // all of 95 but the backtick
    BOOST_TEST((measure_sms("\x1b")->encoding == sms_encoding::ucs2));
}

BOOST_AUTO_TEST_CASE(what_is_not_utf8_is_refused_by_its_place)
{
    const std::string bad[] = {
        "ab\xff", "ab\xc3",     "ab\xc0\x80", "ab\xed\xa0\x80",         "ab\xf4\x90\x80\x80",
        "ab\x80", "ab\xe2\x82", "ab\xc3(",    "ab\xf8\x88\x80\x80\x80",
    };
    for (const auto& text : bad) {
        const auto size = measure_sms(text);
        BOOST_TEST_REQUIRE(size.has_error());
        BOOST_TEST((size.error().code == errc::invalid_text));
        BOOST_TEST(size.error().text == "is not UTF-8 from byte 2 on; give UTF-8");
        BOOST_TEST((validate_sms_text(text) == size.error()));
    }
    BOOST_TEST(to_string(sms_encoding::gsm7) == "gsm7");
    BOOST_TEST(to_string(sms_encoding::ucs2) == "ucs2");
}

BOOST_AUTO_TEST_CASE(texts_that_may_not_be_sent)
{
    struct row {
        std::string text;
        errc code;
        std::string says;
    };
    const row rows[] = {
        {"", errc::sms_empty, "is empty; an SMS needs at least 1 character"},
        {times(1531, "a"), errc::sms_too_long, "has 1531 characters; at most 1530 are allowed"},
        {times(1531, "ä"), errc::sms_too_long, "has 1531 characters; at most 1530 are allowed"},
        {"a\tb", errc::invalid_text,
         "has a control character at byte 1; only line feed is allowed"},
        {"ä\r\n", errc::invalid_text,
         "has a control character at byte 2; only line feed is allowed"},
        {std::string("a\0b", 3), errc::invalid_text,
         "has a control character at byte 1; only line feed is allowed"},
        {"\x7f", errc::invalid_text,
         "has a control character at byte 0; only line feed is allowed"},
        {"\xc2\x85", errc::invalid_text,
         "has a control character at byte 0; only line feed is allowed"},
    };
    for (const auto& r : rows) {
        const auto why = validate_sms_text(r.text);
        BOOST_TEST_REQUIRE(why.has_value(), r.says);
        BOOST_TEST((*why == problem{r.code, "message", r.says}), to_string(*why));
    }
    BOOST_TEST(!validate_sms_text("Line one\nline two"));
    BOOST_TEST(!validate_sms_text(times(1530, "ж")));
    BOOST_TEST(!validate_sms_text(times(2000, "a"), 2000));
    BOOST_TEST(validate_sms_text("abc", 2).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace aiflow::test
