#include "simulator/action_match.hpp"

#include <algorithm>

namespace aiflow::simulator {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool contains(std::string_view text, std::string_view part)
{
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

std::string_view text_of(const action& a)
{
    if (const auto* s = std::get_if<speak>(&a))
        return s->text.empty() ? s->ssml : s->text;
    if (const auto* s = std::get_if<send_sms>(&a))
        return s->message;
    return {};
}

std::string_view recipient_of(const action& a)
{
    if (const auto* s = std::get_if<send_sms>(&a))
        return s->phone_number.digits();
    if (const auto* t = std::get_if<transfer>(&a))
        return t->target.digits();
    return {};
}

// Characters, not bytes: continuation bytes of UTF-8 are not counted, nor is markup.
std::size_t spoken_characters(std::string_view text, bool markup)
{
    std::size_t count = 0;
    bool in_tag = false;
    for (const char c : text) {
        if (markup && c == '<')
            in_tag = true;
        if (!in_tag && (static_cast<unsigned char>(c) & 0xC0U) != 0x80U)
            ++count;
        if (c == '>')
            in_tag = false;
    }
    return count;
}

// Base64 of a WAV file of 32000 bytes a second after a header of 44 (protocol.md 6.2).
std::chrono::milliseconds played_time(std::string_view base64)
{
    const std::size_t bytes = base64.size() / 4 * 3;
    return std::chrono::milliseconds{bytes > 44 ? (bytes - 44) / 32 : 0};
}

}  // namespace

bool matches(const expect_step& wanted, const action& a, std::string_view human)
{
    if (type_name(a) != wanted.type)
        return false;
    if (!wanted.text.empty() && !contains(text_of(a), wanted.text))
        return false;
    return wanted.to.empty() ||
           recipient_of(a) == comparable_digits(wanted.to == "caller" ? human : wanted.to);
}

std::string to_text(const expect_step& wanted)
{
    std::string text = "`" + wanted.type + "`";
    if (!wanted.to.empty())
        text += " to " + (wanted.to == "caller" ? "the caller" : masked(wanted.to));
    if (!wanted.text.empty())
        text += " with \"" + wanted.text + "\"";
    return text;
}

std::optional<std::chrono::milliseconds> spoken_time(const action& a, const speech_plan& speech)
{
    if (const auto* s = std::get_if<speak>(&a)) {
        const bool markup = s->text.empty();
        const auto characters = spoken_characters(markup ? s->ssml : s->text, markup);
        return std::chrono::milliseconds{static_cast<std::int64_t>(
            static_cast<double>(characters) * 1'000.0 / speech.characters_per_second)};
    }
    if (const auto* p = std::get_if<audio>(&a))
        return played_time(p->audio_base64);
    return std::nullopt;
}

}  // namespace aiflow::simulator
