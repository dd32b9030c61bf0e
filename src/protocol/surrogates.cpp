#include "protocol/surrogates.hpp"

#include <algorithm>
#include <charconv>

namespace aiflow {

namespace {

constexpr std::size_t escape_size = 6;  // \u0041

// The code unit of an escape of this form at the beginning of the text; 0 when there is none.
unsigned code_unit(std::string_view text)
{
    unsigned unit = 0;
    if (text.size() < escape_size || !text.starts_with("\\u"))
        return 0;
    const char* const end = text.data() + escape_size;
    const auto read = std::from_chars(text.data() + 2, end, unit, 16);
    return read.ptr == end ? unit : 0;
}

bool is_first_half(unsigned unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

bool is_second_half(unsigned unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

}  // namespace

std::optional<std::string> without_lone_surrogates(std::string_view json)
{
    bool found = false;
    std::string result;
    result.reserve(json.size());
    while (!json.empty()) {
        const auto plain = json.substr(0, json.find('\\'));
        result += plain;
        json.remove_prefix(plain.size());
        const unsigned unit = code_unit(json);
        std::size_t size = 2;  // any other escape
        if (is_first_half(unit) && is_second_half(code_unit(json.substr(escape_size))))
            size = 2 * escape_size;
        else if (unit != 0)
            size = escape_size;
        const bool lone = size == escape_size && (is_first_half(unit) || is_second_half(unit));
        result += lone ? "\\ufffd" : json.substr(0, size);
        found = found || lone;
        json.remove_prefix(std::min(size, json.size()));
    }
    if (!found)
        return std::nullopt;
    return result;
}

}  // namespace aiflow
