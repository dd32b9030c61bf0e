#include "text/text_columns.hpp"

#include <algorithm>

namespace aiflow {

namespace {

bool begins_code_point(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// Bytes of the first `columns` code points.
std::size_t bytes_of(std::string_view text, std::size_t columns)
{
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (begins_code_point(text[at]) && columns-- == 0)
            break;
    }
    return at;
}

}  // namespace

std::size_t columns_of(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_code_point));
}

std::string fitted(std::string_view text, std::size_t columns)
{
    if (columns_of(text) <= columns)
        return std::string(text);
    return std::string(text.substr(0, bytes_of(text, columns - 1))) + "…";
}

std::string padded(std::string_view text, std::size_t columns)
{
    std::string line(text);
    if (const std::size_t used = columns_of(text); used < columns)
        line.append(columns - used, ' ');
    return line;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns)
{
    std::vector<std::string> lines;
    while (columns_of(text) > columns) {
        const std::size_t limit = bytes_of(text, columns);
        const std::size_t blank = text.substr(0, limit + 1).rfind(' ');
        const bool at_blank = blank != std::string_view::npos && blank > 0;
        const std::size_t end = at_blank ? blank : limit;
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + (at_blank ? 1 : 0));
    }
    lines.emplace_back(text);
    return lines;
}

}  // namespace aiflow
