#include "daemon/text_pattern.hpp"

#include "aiflow/log.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace aiflow {

namespace {

// Of what a pattern and its automata may take. When the automata outgrow it, RE2 goes on with a
// slower algorithm, which is linear as well.
constexpr std::int64_t max_pattern_memory = std::int64_t{1} << 20;

re2::RE2::Options re2_options()
{
    re2::RE2::Options o(re2::RE2::DefaultOptions);
    o.set_encoding(re2::RE2::Options::EncodingUTF8);
    o.set_log_errors(false);
    o.set_case_sensitive(false);
    o.set_dot_nl(true);
    o.set_max_mem(max_pattern_memory);
    return o;
}

bool is_ascii(char c)
{
    return static_cast<unsigned char>(c) < 0x80;
}

// To RE2 a letter outside ASCII is no letter, so that a boundary is never where one begins a text.
bool has_boundary_beside_other_letters(std::string_view pattern)
{
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
        if (pattern[i] != '\\')
            continue;
        if (pattern[i + 1] == 'b') {
            if (i > 0 && !is_ascii(pattern[i - 1]))
                return true;
            if (i + 2 < pattern.size() && !is_ascii(pattern[i + 2]))
                return true;
        }
        ++i;
    }
    return false;
}

std::string reason_of(const re2::RE2& failed)
{
    std::string text = "is no pattern of RE2: " + printable(failed.error());
    const std::string& where = failed.error_arg();
    const bool reference = failed.error_code() == re2::RE2::ErrorBadEscape && where.size() == 2 &&
                           where[1] >= '1' && where[1] <= '9';
    if (reference || failed.error_code() == re2::RE2::ErrorBadPerlOp)
        text += "; it knows neither references to groups nor looking ahead or behind, so that "
                "nothing a caller says takes long";
    return text;
}

}  // namespace

text_pattern::text_pattern(std::shared_ptr<const re2::RE2> compiled)
    : compiled_(std::move(compiled))
{
}

checked<text_pattern> text_pattern::compile(const std::string& pattern)
{
    if (pattern.empty())
        return problem{
            errc::invalid_value, {}, "is empty; leave it out to take any text, or give a pattern"};
    auto compiled = std::make_shared<const re2::RE2>(pattern, re2_options());
    if (!compiled->ok())
        return problem{errc::invalid_value, {}, reason_of(*compiled)};
    if (has_boundary_beside_other_letters(pattern))
        return problem{errc::invalid_value,
                       {},
                       "has a `\\b` beside a letter that is not ASCII, where it finds no boundary; "
                       "write `(?:^|\\PL)` before, or `(?:\\PL|$)` behind the word"};
    return text_pattern(std::move(compiled));
}

unsigned text_pattern::groups() const noexcept
{
    return static_cast<unsigned>(compiled_->NumberOfCapturingGroups());
}

bool text_pattern::search(std::string_view text, std::vector<std::string_view>& found) const
{
    std::vector<re2::StringPiece> pieces(groups() + 1);
    const re2::StringPiece all(text.data(), text.size());
    if (!compiled_->Match(all, 0, all.size(), re2::RE2::UNANCHORED, pieces.data(),
                          static_cast<int>(pieces.size())))
        return false;
    found.clear();
    for (const re2::StringPiece& p : pieces)
        found.emplace_back(p.data() == nullptr ? std::string_view{}
                                               : std::string_view(p.data(), p.size()));
    return true;
}

}  // namespace aiflow
